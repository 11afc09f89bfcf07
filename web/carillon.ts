// `<script type="module" src="…/carillon.js">`: the bell, the inbox, and connect().
import { CarillonBell } from './elements/bell/bell.js';
import { CarillonInbox } from './elements/inbox/inbox.js';

export * from './client/client.js';
export { connect, disconnect } from './client/connect.js';
export { CarillonBell, CarillonInbox };
export { addIcons } from './elements/shared/icons.js';
export { addMessages, type Message, type Messages } from './elements/shared/i18n.js';

declare global {
  interface HTMLElementTagNameMap {
    'carillon-bell': CarillonBell;
    'carillon-inbox': CarillonInbox;
  }
}
