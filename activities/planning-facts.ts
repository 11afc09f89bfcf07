import { ApplicationFailure } from '@temporalio/common';
import type { Contact } from '../contracts/contact.js';
import type { NotificationInput } from '../contracts/notification-run.js';
import type { Preferences } from '../contracts/preferences.js';
import { noPreferences } from '../contracts/preferences.js';
import type { Tenant } from '../contracts/tenants.js';
import type { Trigger } from '../contracts/trigger.js';
import type { AddressVault } from '../models/data-keys.js';
import type { Models } from '../models/models.js';

/** What a decision rests on, as it is at this moment. */
export interface PlanningFacts {
  tenant: Tenant;
  vault: AddressVault;
  /** Undefined when nobody has this ID. */
  contact?: Contact;
  preferences: Preferences;
}

/** Reads tenant, person and preferences. @throws ApplicationFailure when the tenant is gone. */
export async function readFacts(
  models: Models,
  subject: Pick<NotificationInput, 'tenantId' | 'recipientId'>,
  trigger: Trigger,
): Promise<PlanningFacts> {
  const { tenantId, recipientId } = subject;
  const bare = bareContact(recipientId, trigger);
  const [tenant, vault, contact, preferences] = await Promise.all([
    models.tenants.find(tenantId),
    models.dataKeys.vault(tenantId),
    bare ?? models.subscribers.contact(tenantId, recipientId),
    bare ? noPreferences : models.preferences.find(tenantId, recipientId),
  ]);
  if (!tenant) throw ApplicationFailure.nonRetryable('the tenant is gone', 'unknown_error');
  return { tenant, vault, contact, preferences };
}

/** The contact that a bare address is by itself; undefined for a person. */
export function bareContact(recipientId: string, trigger: Trigger): Contact | undefined {
  const { recipient } = trigger.to;
  if (typeof recipient === 'string' || 'id' in recipient) return undefined;
  return {
    id: recipientId,
    hasInbox: false,
    email: 'email' in recipient ? recipient.email : undefined,
    phone: 'phone' in recipient ? recipient.phone : undefined,
    pushTokens: 'pushToken' in recipient ? [recipient.pushToken] : [],
  };
}
