// `<script type="module" src="…/carillon.js">`: the bell, the inbox, and connect().
export * from './client/client.js';
export { connect } from './client/connect.js';
export { CarillonBell } from './elements/bell/bell.js';
export { CarillonInbox } from './elements/inbox/inbox.js';
export { addIcons } from './elements/shared/icons.js';
export { addMessages, type Message, type Messages } from './elements/shared/i18n.js';
