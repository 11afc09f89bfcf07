import { randomBytes } from 'node:crypto';
import { CarillonError } from '../../contracts/errors.js';
import type { SubscriberFields } from '../../contracts/subscribers.js';
import type { ApiDependencies } from '../dependencies.js';

interface DemoPerson {
  id: 'ann' | 'ben';
  name: string;
  role: string;
  place: string;
  fields: SubscriberFields;
}

/** A port on which nothing listens on any machine that is set up as usual (discard). */
const NOBODY_THERE = 'http://127.0.0.1:9/in';

/** The two who work side by side on the demo page. */
export const demoPeople: readonly DemoPerson[] = [
  {
    id: 'ann',
    name: 'Ann Marlow',
    role: 'Legal counsel',
    place: 'Paris',
    fields: { email: 'ann@example.com', locale: 'en', timezone: 'Europe/Paris', webhookUrl: NOBODY_THERE },
  },
  {
    id: 'ben',
    name: 'Ben Okafor',
    role: 'Account manager',
    place: 'New York',
    fields: {
      email: 'ben@example.com',
      locale: 'en',
      timezone: 'America/New_York',
      webhookUrl: NOBODY_THERE,
    },
  },
];

export type DemoPersonId = DemoPerson['id'];
export const demoPersonIds = demoPeople.map(({ id }) => id) as [DemoPersonId, ...DemoPersonId[]];

/** The person, and the one who is not: whatever happens to one of them was done by the other. */
export function personAndOther(id: DemoPersonId): { person: DemoPerson; other: DemoPerson } {
  const person = demoPeople.find((one) => one.id === id);
  const other = demoPeople.find((one) => one.id !== id);
  if (!person || !other) throw new CarillonError('not_found', `there is no "${id}" in the demo`);
  return { person, other };
}

/**
 * Makes the two, or gives them back what the demo needs of them, and at first sets up the webhook that nobody answers.
 * @throws CarillonError `unavailable` while the tenant is not there yet.
 */
export async function setUpPeople(
  { models }: Pick<ApiDependencies, 'models'>,
  tenantId: string,
): Promise<void> {
  const tenant = await models.tenants.find(tenantId);
  if (!tenant)
    throw new CarillonError('unavailable', 'the demo is still being set up; try again', undefined, {
      retryAfterMs: 1000,
    });
  for (const { id, fields } of demoPeople) await models.subscribers.upsert(tenantId, id, fields);
  if (await models.credentials.find(tenantId, 'webhook', 'standard')) return;
  const secrets = [`whsec_${randomBytes(32).toString('base64')}`];
  await models.credentials.put(tenantId, 'webhook', 'standard', { secrets });
  await models.tenants.patch(tenantId, { channelDefaults: { ...tenant.channelDefaults, webhook: true } });
}
