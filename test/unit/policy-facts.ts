import { defaultAlerts } from '../../contracts/alerts.js';
import { channelNames } from '../../contracts/channels.js';
import type { Contact } from '../../contracts/contact.js';
import { notificationType, type NotificationType } from '../../contracts/notification-types.js';
import { noPreferences, preferences, type Preferences } from '../../contracts/preferences.js';
import type { Tenant } from '../../contracts/tenants.js';
import type { DecisionInput } from '../../policy/decide.js';

/** Tuesday, noon in Paris. */
export const noon = Date.parse('2026-12-01T11:00:00Z');
/** Tuesday, eleven in the evening in Paris. */
export const night = Date.parse('2026-12-01T22:00:00Z');

export const nights: NonNullable<Preferences['quietHours']> = {
  windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], start: '22:00', end: '07:00' }],
};

export function aType(values: Partial<NotificationType> = {}): NotificationType {
  return {
    ...notificationType.parse({ name: 'approval_request', category: 'contracts', icon: 'check-circle' }),
    ...values,
  };
}

export function aTenant(values: Partial<Tenant> = {}): Tenant {
  return {
    id: 'acme',
    name: 'Acme',
    timezone: 'UTC',
    locale: 'en',
    region: null,
    channelDefaults: {},
    quietHours: null,
    disabledTypes: [],
    retention: { readDays: 30, unreadDays: 365, deliveryDays: 90, auditDays: 730 },
    sender: {},
    branding: {},
    appUrl: null,
    limits: { sendsPerSecond: {} },
    useDeployment: {},
    retries: {},
    alerts: defaultAlerts,
    tracking: { opens: false, clicks: false },
    credentialsVersion: 0,
    typesVersion: 0,
    createdAt: '2026-01-01T00:00:00.000Z',
    ...values,
  };
}

/** A person who can be reached on every channel, in Paris. */
export function aContact(values: Partial<Contact> = {}): Contact {
  return {
    id: 'u-42',
    hasInbox: true,
    email: 'ann@example.com',
    phone: '+33612345678',
    pushTokens: ['token'],
    timezone: 'Europe/Paris',
    ...values,
  };
}

export function wants(values: Partial<Preferences>): Preferences {
  return preferences.parse(values);
}

/** At noon, nothing in the way. */
export function facts(values: Partial<DecisionInput> = {}): DecisionInput {
  return {
    nowMs: noon,
    type: aType(),
    tenant: aTenant(),
    contact: aContact(),
    preferences: noPreferences,
    suppressions: [],
    configuredChannels: channelNames,
    expedite: false,
    done: [],
    ...values,
  };
}
