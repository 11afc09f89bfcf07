import { trigger as triggerSchema, type Amendment, type Trigger } from '../contracts/trigger.js';
import type { AddressVault } from '../models/data-keys.js';

/** The trigger as it stands in a notification's row: sealed, since it holds contents and perhaps an address. */
export function sealTrigger(vault: AddressVault, trigger: Trigger): string {
  return vault.seal(JSON.stringify(trigger));
}

/** @throws when the row was sealed for another tenant. */
export function openTrigger(vault: AddressVault, sealed: string): Trigger {
  return JSON.parse(vault.open(sealed)) as Trigger;
}

/** The trigger with what an amendment names changed; `null` removes a time. */
export function amend(trigger: Trigger, amendment: Amendment | undefined): Trigger {
  if (!amendment) return trigger;
  const named = Object.fromEntries(Object.entries(amendment).filter(([, value]) => value !== undefined));
  return { ...trigger, ...named };
}

/** What is kept of a trigger to somebody who was erased: that it came, and of what type it is. */
export function withoutContents(trigger: Trigger, recipientId: string): Trigger {
  const { type, priority, idempotencyKey } = trigger;
  return triggerSchema.parse({ type, priority, idempotencyKey, to: { recipient: recipientId } });
}
