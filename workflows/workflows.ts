/** Every workflow that a worker offers, under the name it is started by. */
export { notification } from './notification.js';
