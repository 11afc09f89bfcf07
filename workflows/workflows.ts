/** Every workflow that a worker offers, under the name it is started by. */
export { broadcast } from './broadcast.js';
export { digest } from './digest.js';
export { erasure } from './erasure.js';
export { housekeeping } from './housekeeping.js';
export { notification } from './notification.js';
export { redelivery } from './redelivery.js';
export { reminder } from './reminder.js';
export { redrive } from './redrive.js';
export { scheduled } from './scheduled.js';
export { provider } from './provider.js';
export { webhookDelivery } from './webhook-delivery.js';
export { webhookReplay } from './webhook-replay.js';
