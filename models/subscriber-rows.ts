import { Schema, type mongo } from 'mongoose';
import type { Contact } from '../contracts/contact.js';
import { deviceKinds } from '../contracts/devices.js';
import type { AttributeValue, Subscriber, SubscriberFields } from '../contracts/subscribers.js';
import { PEOPLE_BY_FACET, PEOPLE_BY_ROLE } from './audience-filter.js';
import type { AddressVault } from './data-keys.js';
import { deviceRows, devicesInstead, tokensOf, type DeviceRow } from './device-rows.js';

export interface SubscriberRow {
  _id: string;
  tenantId: string;
  id: string;
  /** Addresses are sealed with the tenant's data key; the hash finds them. */
  email?: string;
  emailHash?: string;
  phone?: string;
  phoneHash?: string;
  /** The one that registered last comes last; absent until the first. */
  devices?: DeviceRow[];
  sealedSlackUserId?: string;
  sealedTeamsUserId?: string;
  sealedWebhookUrl?: string;
  /** In the clear, as earlier versions wrote them; read, and gone once they are written again. */
  slackUserId?: string;
  teamsUserId?: string;
  locale?: string;
  timezone?: string;
  roles: string[];
  /** Flat values only, checked by the contract. */
  attributes: Record<string, AttributeValue>;
  /** What people are filtered by: locale, zone and each attribute's value or values. Follows from those. */
  facets: { k: string; v: string | number | boolean }[];
  /** Person tokens issued before this are refused. */
  tokensRevokedAt?: Date;
  createdAt: Date;
  updatedAt: Date;
}

export const subscriberSchema = new Schema<SubscriberRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    id: { type: String, required: true },
    email: String,
    emailHash: String,
    phone: String,
    phoneHash: String,
    devices: {
      type: [
        { _id: false, id: String, kind: { type: String, enum: deviceKinds }, token: String, createdAt: Date },
      ],
      default: undefined,
    },
    sealedSlackUserId: String,
    sealedTeamsUserId: String,
    sealedWebhookUrl: String,
    slackUserId: String,
    teamsUserId: String,
    locale: String,
    timezone: String,
    roles: [String],
    attributes: { type: Map, of: Schema.Types.Mixed },
    facets: [{ _id: false, k: String, v: Schema.Types.Mixed }],
    tokensRevokedAt: Date,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'subscribers', versionKey: false, minimize: false },
);
// Serves list.
subscriberSchema.index({ tenantId: 1, createdAt: -1, _id: -1 });
// Serves list by address.
subscriberSchema.index(
  { tenantId: 1, emailHash: 1 },
  { partialFilterExpression: { emailHash: { $exists: true } } },
);
// Serves idsByPhone.
subscriberSchema.index(
  { tenantId: 1, phoneHash: 1 },
  { partialFilterExpression: { phoneHash: { $exists: true } } },
);
// Serve idsAfter and knowsFacet.
subscriberSchema.index({ tenantId: 1, 'facets.k': 1, 'facets.v': 1, _id: 1 }, { name: PEOPLE_BY_FACET });
subscriberSchema.index({ tenantId: 1, roles: 1, _id: 1 }, { name: PEOPLE_BY_ROLE });

/** Addresses that nobody is found by, so that they have no hash; and the field that holds each, sealed. */
const sealedFields = {
  slackUserId: 'sealedSlackUserId',
  teamsUserId: 'sealedTeamsUserId',
  webhookUrl: 'sealedWebhookUrl',
} as const;

/** What is written of a person: fields to set, attributes to set beside those that are there, and fields to remove. */
export interface SubscriberChange {
  set: Record<string, unknown>;
  attributes?: Record<string, AttributeValue>;
  /** All devices, in place of those that are there. */
  devices?: DeviceRow[];
  unset: string[];
}

/** The stored form of what is named; null removes. */
export function changeOf(fields: SubscriberFields, vault: AddressVault): SubscriberChange {
  const set: Record<string, unknown> = {};
  const unset: string[] = [];
  const { email, phone, pushTokens, slackUserId, teamsUserId, webhookUrl, ...plain } = fields;
  for (const [name, address] of [
    ['email', email],
    ['phone', phone],
  ] as const) {
    if (address === undefined) continue;
    if (address === null) {
      unset.push(name, `${name}Hash`);
    } else {
      set[name] = vault.seal(address);
      set[`${name}Hash`] = vault.hash(address);
    }
  }
  for (const [name, address] of Object.entries({ slackUserId, teamsUserId, webhookUrl })) {
    if (address === undefined) continue;
    const field = sealedFields[name as keyof typeof sealedFields];
    unset.push(name);
    if (address === null) unset.push(field);
    else set[field] = vault.seal(address);
  }
  for (const [name, value] of Object.entries(plain)) {
    if (value === undefined) continue;
    if (value === null) unset.push(name);
    else set[name] = value;
  }
  return { set, unset, ...(pushTokens ? { devices: deviceRows(pushTokens, vault) } : {}) };
}

const replaceable = [
  'email',
  'emailHash',
  'phone',
  'phoneHash',
  ...Object.entries(sealedFields).flat(),
  'locale',
  'timezone',
];

/** The stored form of a whole person: what is not given goes. */
export function replacementOf(fields: SubscriberFields, vault: AddressVault): SubscriberChange {
  const { set, devices } = changeOf({ roles: [], attributes: {}, pushTokens: [], ...fields }, vault);
  return { set, devices, unset: replaceable.filter((name) => !(name in set)) };
}

/**
 * Makes a change in one step at the server, on a row that is there or is not yet. The facets are computed there too,
 * from what the row then holds, so that no two changes at once can leave them behind.
 */
export function updateOf(tenantId: string, id: string, change: SubscriberChange): mongo.Document[] {
  const now = new Date();
  const unlessThere = { tenantId, id, roles: [], attributes: {}, createdAt: now };
  const added = change.attributes && { $mergeObjects: ['$attributes', { $literal: change.attributes }] };
  return [
    { $set: expressions(unlessThere, (name, value) => ({ $ifNull: [`$${name}`, { $literal: value }] })) },
    // Literal, as a text may begin with "$", which otherwise names a field.
    { $set: expressions({ ...change.set, updatedAt: now }, (_name, value) => ({ $literal: value })) },
    ...(added ? [{ $set: { attributes: added } }] : []),
    ...(change.devices ? [{ $set: { devices: devicesInstead(change.devices) } }] : []),
    ...(change.unset.length > 0 ? [{ $unset: change.unset }] : []),
    { $set: { facets } },
  ];
}

function expressions(
  fields: object,
  express: (name: string, value: unknown) => mongo.Document,
): mongo.Document {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, express(name, value)]));
}

const ownFacet = (k: 'locale' | 'timezone') => ({
  $cond: [{ $eq: [{ $type: `$${k}` }, 'string'] }, [{ k, v: `$${k}` }], []],
});
const valuesOfThis = { $cond: [{ $isArray: '$$this.v' }, '$$this.v', ['$$this.v']] };
const facetsOfThis = {
  $map: { input: valuesOfThis, as: 'v', in: { k: { $concat: ['attributes.', '$$this.k'] }, v: '$$v' } },
};
const facets = {
  $concatArrays: [
    ownFacet('locale'),
    ownFacet('timezone'),
    {
      $reduce: {
        input: { $objectToArray: '$attributes' },
        initialValue: [],
        in: { $concatArrays: ['$$value', facetsOfThis] },
      },
    },
  ],
};

/** A person, as the API shows one. */
export function show(row: SubscriberRow, vault: AddressVault): Subscriber {
  return {
    id: row.id,
    email: opened(row.email, vault) ?? null,
    phone: opened(row.phone, vault) ?? null,
    locale: row.locale ?? null,
    timezone: row.timezone ?? null,
    roles: row.roles,
    attributes: row.attributes,
    slackUserId: opened(row.sealedSlackUserId, vault) ?? row.slackUserId ?? null,
    teamsUserId: opened(row.sealedTeamsUserId, vault) ?? row.teamsUserId ?? null,
    webhookUrl: opened(row.sealedWebhookUrl, vault) ?? null,
    pushTokens: tokensOf(row, vault),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** How the person is reached. */
export function contactOf(row: SubscriberRow, vault: AddressVault): Contact {
  return {
    id: row.id,
    hasInbox: true,
    email: opened(row.email, vault),
    phone: opened(row.phone, vault),
    pushTokens: tokensOf(row, vault),
    slackUserId: opened(row.sealedSlackUserId, vault) ?? row.slackUserId,
    webhookUrl: opened(row.sealedWebhookUrl, vault),
    attributes: row.attributes,
    roles: row.roles,
    locale: row.locale,
    timezone: row.timezone,
  };
}

function opened(sealed: string | undefined, vault: AddressVault): string | undefined {
  return sealed === undefined ? undefined : vault.open(sealed);
}
