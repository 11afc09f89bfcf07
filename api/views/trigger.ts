import type { Trigger } from '../../contracts/trigger.js';

/** What a trigger brought along, as it is shown with the notification and with the item in the inbox. */
export function showTrigger(trigger: Trigger) {
  return {
    data: trigger.data,
    actor: trigger.actor ?? null,
    related: trigger.related ?? null,
    actionUrl: trigger.actionUrl ?? null,
    imageUrl: trigger.imageUrl ?? null,
    actions: trigger.actions,
    threadKey: trigger.threadKey ?? null,
  };
}
