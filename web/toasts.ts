// `<script type="module" src="…/carillon-toasts.js">`
import { define } from './elements/shared/define.js';
import { CarillonToasts } from './elements/toasts/carillon-toasts.js';

export { connect, disconnect } from './client/connect.js';
export { addMessages } from './elements/shared/i18n.js';
export { CarillonToasts };

define('carillon-toasts', CarillonToasts);

declare global {
  interface HTMLElementTagNameMap {
    'carillon-toasts': CarillonToasts;
  }
}
