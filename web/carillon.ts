// `<script type="module" src="…/carillon.js">`: the bell, the inbox, and connect().
export * from './client/client.js';
export { connect } from './client/connect.js';
