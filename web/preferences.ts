// `<script type="module" src="…/carillon-preferences.js">`
export { connect } from './client/connect.js';
