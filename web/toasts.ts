// `<script type="module" src="…/carillon-toasts.js">`
export { connect } from './client/connect.js';
