import type { ChannelName } from '../../contracts/channels.js';
import type { Contact } from '../../contracts/contact.js';
import { statusOf } from '../../contracts/outcomes.js';
import { noPreferences } from '../../contracts/preferences.js';
import type { NotificationInput } from '../../contracts/notification-run.js';
import type { DeliveryRow } from '../../models/delivery-schema.js';
import type { Insights } from '../../models/insights.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import { bestAt, type KnownHabits } from '../best-time.js';
import { BEST_TIME } from '../../contracts/trigger.js';
import { asked } from '../deciding.js';
import { decideWithinLimits } from '../throttling.js';
import { deliveryRows } from '../delivery-rows.js';
import { escalationOf } from '../escalation.js';
import type { ActivityDependencies } from '../dependencies.js';
import { newInAppItem, outcomesOf, planRow } from '../plan-row.js';
import { bareContact, type PlanningFacts } from '../planning-facts.js';
import { reachedAt, suppressionsAt } from '../suppressions.js';
import type { Member } from './audience.js';
import { inputFor, type BroadcastSubject } from './subject.js';
import { chooseTemplates } from '../templates.js';
import { matchesFilter } from '../../policy/audience-filter.js';

/** One recipient, decided about; nothing is stored or sent yet. */
export interface PlannedRecipient {
  input: NotificationInput;
  facts: PlanningFacts;
  row: NotificationRow;
  deliveries: DeliveryRow[];
  /** Channels to send now. */
  toSend: ChannelName[];
}

/** After this many the event loop is let through: other people's notifications run in this process too. */
const AT_A_STRETCH = 25;

/** Decides for each member by the same policy, on facts read for all of them at once. */
export async function planChunk(
  deps: ActivityDependencies,
  subject: BroadcastSubject,
  members: readonly Member[],
): Promise<PlannedRecipient[]> {
  const { models } = deps;
  const { tenantId, tenant, type, templates, vault, sources, providers } = subject;
  await bringAlong(deps, subject, members);
  const ids = members.map((member) => member.recipientId);
  const [people, preferences] = await Promise.all([
    models.subscribers.people(tenantId, ids),
    models.preferences.findMany(tenantId, ids),
  ]);
  const nowMs = Date.now();
  const [known, ofTenant] =
    subject.message.sendAt === BEST_TIME
      ? await Promise.all([
          models.insights.findMany(tenantId, ids, nowMs),
          models.insights.ofTenant(tenantId, nowMs),
        ])
      : [new Map<string, Insights>(), undefined];
  const channels = asked(subject.message, type);
  const contacts = members.map(
    ({ recipientId, recipient }) =>
      bareContact(recipientId, { to: { recipient } }) ?? people.get(recipientId)?.contact,
  );
  const reached = contacts.map((contact) => reachedAt(vault, providers, contact, channels));
  const hashes = reached.flatMap((one) => [...one.values()]);
  const suppressions = await models.suppressions.ofAddresses(tenantId, hashes);
  const erased = await erasedOf(deps, tenantId, members, contacts);
  const planned: PlannedRecipient[] = [];
  for (const [at, member] of members.entries()) {
    if (at % AT_A_STRETCH === AT_A_STRETCH - 1) await new Promise(setImmediate);
    const person = people.get(member.recipientId);
    if (
      sources.filter &&
      person &&
      !matchesFilter(sources.filter, { ...person.contact, attributes: person.attributes })
    )
      continue;
    const input = inputFor(subject, member);
    const facts: PlanningFacts = {
      tenant,
      type,
      templates,
      vault,
      contact: contacts[at],
      erased: erased.has(member.recipientId),
      preferences: preferences.get(member.recipientId) ?? noPreferences,
      suppressions: suppressionsAt(reached[at] ?? new Map(), suppressions),
    };
    const habits = { own: known.get(member.recipientId), tenant: ofTenant };
    planned.push(await planOne(deps, subject, input, facts, habits));
  }
  return planned;
}

async function planOne(
  deps: Pick<ActivityDependencies, 'models' | 'templates' | 'predictor'>,
  subject: BroadcastSubject,
  input: NotificationInput,
  facts: PlanningFacts,
  habits: KnownHabits,
): Promise<PlannedRecipient> {
  const { trigger } = input;
  const { providers } = subject;
  const nowMs = Date.now();
  const bestAtMs = await bestAt(deps, input, { facts, trigger, nowMs }, habits);
  const written = { facts, trigger, topic: input.topic };
  const decided = await decideWithinLimits(deps, input, {
    ...written,
    bestAtMs,
    onlyTopics: input.onlyTopics,
    nowMs,
    expedite: false,
    providers,
    escalations: 0,
    done: [],
  });
  const templates = chooseTemplates(decided.channels, written);
  const item = await newInAppItem(deps, decided, [], { input, trigger, facts, templates });
  const outcomes = outcomesOf(decided.channels, {}, item);
  const status = decided.status === 'held' ? 'held' : statusOf(outcomes);
  const row = planRow(
    { input, sequence: 1, nowMs, cancelled: false },
    {
      trigger,
      bestAtMs,
      facts,
      decided,
      outcomes,
      status,
      escalation: escalationOf(trigger, { nowMs, status: decided.status, taken: 0, before: undefined }),
      item,
      templates,
    },
  );
  const toSend = (Object.keys(outcomes) as ChannelName[]).filter(
    (channel) => outcomes[channel] === 'open' && decided.channels[channel]?.action === 'send',
  );
  return { input, facts, row, deliveries: deliveryRows(row, facts, providers), toSend };
}

/** People that the request brought along are created or changed before anything is decided about them. */
async function bringAlong(
  deps: ActivityDependencies,
  { tenantId }: BroadcastSubject,
  members: readonly Member[],
): Promise<void> {
  const people = members.flatMap(({ recipient }) => {
    if (typeof recipient === 'string' || !('id' in recipient)) return [];
    const { id, ...fields } = recipient;
    return [{ id, fields }];
  });
  if (people.length === 0) return;
  const ids = people.map(({ id }) => id);
  const erased = await deps.models.erasures.erasedAmong(tenantId, ids);
  await deps.models.subscribers.upsertMany(
    tenantId,
    people.filter(({ id }) => !erased.has(id)),
  );
}

/** As for one person: whoever is there is not erased. */
async function erasedOf(
  { models: { erasures } }: Pick<ActivityDependencies, 'models'>,
  tenantId: string,
  members: readonly Member[],
  contacts: readonly (Contact | undefined)[],
): Promise<Set<string>> {
  const of = (isWanted: (contact: Contact | undefined) => boolean) =>
    members.filter((_member, at) => isWanted(contacts[at])).map(({ recipientId }) => recipientId);
  const unknown = await erasures.erasedAmong(
    tenantId,
    of((contact) => contact === undefined),
  );
  const bare = await erasures.runningAmong(
    tenantId,
    of((contact) => contact?.hasInbox === false),
  );
  return new Set([...unknown, ...bare]);
}
