import { ChannelError } from '../channels/channel.js';
import type { DeliverRequest } from '../contracts/notification-run.js';
import type { DeliveryOutcome } from '../contracts/outcomes.js';
import { priorityKey } from '../contracts/priorities.js';
import { providerName, type ProviderPlace } from '../contracts/provider-run.js';
import type { Attempt } from '../models/delivery-schema.js';
import type { ActivityDependencies } from './dependencies.js';
import type { Prepared } from './prepared.js';
import { configuredProviders } from './providers.js';
import { patiently } from './record.js';
import { allDown, waysTo } from './ways.js';

type Parked = Extract<DeliveryOutcome, { status: 'parked' }>;

/**
 * Whether this delivery waits, without an attempt, since all providers that reach the person are down; undefined when
 * it does not. "Send now" passes it: an operator may know more than the breaker.
 */
export async function parksBefore(
  deps: ActivityDependencies,
  request: DeliverRequest,
  subject: Prepared,
): Promise<Parked | undefined> {
  if (request.expedite) return undefined;
  const down = await deps.breakers.down(request.tenantId);
  const place = await placeToWaitFor(deps, request, subject, down);
  return place && park(deps, request, subject, place);
}

/**
 * The same after an attempt found its provider down: then that attempt counts for nothing, nor do earlier ones that did.
 * @param ended the attempt, as the log is to have it.
 */
export async function parksAfter(
  deps: ActivityDependencies,
  request: DeliverRequest,
  subject: Prepared,
  ended: Attempt,
): Promise<Parked | undefined> {
  const down = await deps.breakers.downNow(request.tenantId);
  const place = await placeToWaitFor(deps, request, subject, down);
  return place && park(deps, request, subject, place, ended);
}

/** The first provider of those that reach the person, where all of them are down. */
async function placeToWaitFor(
  deps: ActivityDependencies,
  { tenantId, delivery: { channel } }: DeliverRequest,
  subject: Prepared,
  down: ReadonlySet<string>,
): Promise<ProviderPlace | undefined> {
  if (down.size === 0) return undefined;
  const { contact, tenant } = subject.facts;
  const ways = waysTo(await configuredProviders(deps, tenantId, tenant.credentialsVersion), channel, contact);
  if (ways instanceof ChannelError || !allDown(ways, down, channel)) return undefined;
  return { tenantId, channel, provider: ways[0].provider.name };
}

/**
 * Stores that it waits, and only then looks whether it still must: whoever drains looks for what waits only after the
 * provider counts as well, so one of the two sees the other. Undefined when it need not wait, or has ended.
 */
async function park(
  deps: ActivityDependencies,
  request: DeliverRequest,
  subject: Prepared,
  place: ProviderPlace,
  ended?: Attempt,
): Promise<Parked | undefined> {
  const { tenantId, notificationId, delivery } = request;
  const { channel, provider } = place;
  const { deliveryParking, notifications } = deps.models;
  const parked = {
    provider: providerName(place),
    priority: priorityKey[subject.trigger.priority],
    at: new Date(),
  };
  const isOpen = await patiently(() =>
    deliveryParking.markParked(tenantId, delivery.deliveryId, parked, ended),
  );
  if (!isOpen) return undefined;
  await deps.breakers.ensureWatched(place);
  if (!(await deps.breakers.downNow(tenantId)).has(parked.provider)) {
    return { status: 'parked', provider, isOver: true };
  }
  await notifications.addToTimelineOnce(tenantId, notificationId, {
    at: parked.at,
    event: 'parked',
    detail: `${channel} via ${provider}: the provider is down`,
  });
  return { status: 'parked', provider, isOver: false };
}
