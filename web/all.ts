// `<script type="module" src="…/carillon-all.js">`: every element.
export * from './carillon.js';
export * from './toasts.js';
export * from './preferences.js';
