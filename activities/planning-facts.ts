import { ApplicationFailure } from '@temporalio/common';
import type { Contact } from '../contracts/contact.js';
import type { NotificationInput } from '../contracts/notification-run.js';
import type { NotificationType } from '../contracts/notification-types.js';
import type { Preferences } from '../contracts/preferences.js';
import { noPreferences } from '../contracts/preferences.js';
import type { Suppression } from '../contracts/suppressions.js';
import type { Tenant } from '../contracts/tenants.js';
import type { Trigger } from '../contracts/trigger.js';
import type { AddressVault } from '../models/data-keys.js';
import type { Models } from '../models/models.js';
import type { PublishedTemplates } from '../templates/published-templates.js';
import { asked, typeOf, withDefaults } from './deciding.js';
import { configuredProviders, type ConfiguredProviders } from './providers.js';
import type { ActivityDependencies } from './dependencies.js';
import { reachedAt, suppressionsAt } from './suppressions.js';

/** What a decision rests on, as it is at this moment. */
export interface PlanningFacts {
  tenant: Tenant;
  type: NotificationType;
  /** What the tenant's notifications may be written with. */
  templates: PublishedTemplates;
  vault: AddressVault;
  /** Undefined when nobody has this ID. */
  contact?: Contact;
  /** The person is being erased, or was and is nobody since. */
  erased?: boolean;
  preferences: Preferences;
  /** What stops the addresses at which the person is reached, on the channels that the trigger asks for. */
  suppressions: readonly Suppression[];
}

/**
 * Reads tenant, person, preferences and providers, and what stops the addresses at which these reach the person.
 * @throws ApplicationFailure when the tenant is gone.
 */
export async function readFacts(
  deps: Pick<ActivityDependencies, 'models' | 'channels' | 'credentials' | 'types'>,
  subject: Pick<NotificationInput, 'tenantId' | 'recipientId'>,
  trigger: Trigger,
): Promise<{ facts: PlanningFacts; providers: ConfiguredProviders }> {
  const { models } = deps;
  const { tenantId, recipientId } = subject;
  const bare = bareContact(recipientId, trigger);
  const [tenant, vault, contact, preferences] = await Promise.all([
    models.tenants.find(tenantId),
    models.dataKeys.vault(tenantId),
    bare ?? models.subscribers.contact(tenantId, recipientId),
    bare ? noPreferences : models.preferences.find(tenantId, recipientId),
  ]);
  if (!tenant) throw ApplicationFailure.nonRetryable('the tenant is gone', 'unknown_error');
  const types = await deps.types.of(tenantId, tenant.typesVersion);
  const type = typeOf(types, trigger);
  const providers = await configuredProviders(deps, tenantId, tenant.credentialsVersion);
  const reached = reachedAt(vault, providers, contact, asked(withDefaults(trigger, type), type));
  const suppressions =
    reached.size === 0
      ? []
      : suppressionsAt(reached, await models.suppressions.ofAddresses(tenantId, [...reached.values()]));
  const { templates } = types;
  const erased = await isErased(models, tenantId, recipientId, { isBare: bare !== undefined, contact });
  return { facts: { tenant, type, templates, vault, contact, erased, preferences, suppressions }, providers };
}

/** Whoever is there is not erased: asked only of whom nobody knows, and of bare addresses, of which there is no row. */
async function isErased(
  { erasures }: Pick<Models, 'erasures'>,
  tenantId: string,
  recipientId: string,
  { isBare, contact }: { isBare: boolean; contact: Contact | undefined },
): Promise<boolean> {
  if (isBare) return (await erasures.runningAmong(tenantId, [recipientId])).size > 0;
  return contact === undefined && (await erasures.erasedAmong(tenantId, [recipientId])).size > 0;
}

/** The contact that a bare address is by itself; undefined for a person. */
export function bareContact(recipientId: string, trigger: Pick<Trigger, 'to'>): Contact | undefined {
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
