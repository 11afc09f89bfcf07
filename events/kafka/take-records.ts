import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaMessage } from 'kafkajs';
import type { InboundEvent } from '../../contracts/inbound-events.js';
import type { EventOutcome } from '../../models/inbound-events.js';
import { rowId } from '../../models/row-id.js';
import { isAway } from '../../runtime/dependency-away.js';
import type { InboundDependencies } from '../inbound/dependencies.js';
import { rulesOf, type TenantRules } from '../inbound/rules-of.js';
import { takeEvent } from '../inbound/take.js';
import type { DeadLetters } from './dead-letters.js';
import { readRecord, type ReadRecord, type RecordPlace, type RecordSettings } from './read-record.js';

/** What taking records in needs. */
export interface TakingRecords {
  deps: InboundDependencies;
  settings: RecordSettings;
  deadLetters: DeadLetters;
  deadLetterUnmatched: boolean;
}

/** Records of one partition, and what keeps their consumer in its group. */
export interface RecordBatch extends RecordPlace {
  messages: readonly KafkaMessage[];
  /** Keeps the consumer in its group; throws when the partition is another's now. */
  heartbeat: () => Promise<void>;
  /** False when the consumer is to stop. */
  isRunning: () => boolean;
  /** Whether partitions are read that nothing was fetched of: what comes there waits until all that was fetched is done. */
  othersWait: () => boolean;
  /** All up to this one are taken care of. */
  taken: (offset: string) => Promise<void>;
}

/** Records whose outcomes are stored, and whose offsets are committed, together. */
const CHUNK = 50;
/** After so long partitions that wait have their turn, in milliseconds. */
const TURN_MS = 2_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** Attempts at an event that fails for no reason that is known. */
const MAX_FAULTS = 3;

/** The consumer is to stop, or the partition is another's: what is not taken yet is left to the next one. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * Takes a partition's records in, one after the other. A record counts as taken when Temporal has taken what it leads to and its
 * outcome is stored, or when it is a dead letter; while Temporal or MongoDB is away it waits. Whoever is cut short begins
 * again with what was not told as taken, and that does nothing twice.
 * @throws Interrupted, or what `heartbeat` throws.
 */
export async function takeRecords(taking: TakingRecords, batch: RecordBatch): Promise<void> {
  const endMs = Date.now() + TURN_MS;
  for (let from = 0; from < batch.messages.length; from += CHUNK) {
    await takeChunk(taking, batch, batch.messages.slice(from, from + CHUNK), endMs);
    if (isOver(batch, endMs)) return;
  }
}

/** Undefined without such a tenant. */
type RulesFound = TenantRules | 'unreadable' | undefined;

function isOver(batch: RecordBatch, endMs: number): boolean {
  return !batch.isRunning() || (Date.now() > endMs && batch.othersWait());
}

interface Waiting {
  event: InboundEvent;
  outcome: EventOutcome;
}

async function takeChunk(
  taking: TakingRecords,
  batch: RecordBatch,
  messages: readonly KafkaMessage[],
  endMs: number,
): Promise<void> {
  const { models } = taking.deps;
  const receivedAt = new Date();
  const read = messages.map((message) => ({
    message,
    record: readRecord(taking.settings, batch, message, receivedAt),
  }));
  const events = read.flatMap(({ record }) => ('event' in record ? [record.event] : []));
  const { known, rules } = await whileAway(taking, batch, async () => ({
    known: await models.inboundEvents.known(events),
    rules: await rulesOfAll(taking.deps, events),
  }));
  const waiting: Waiting[] = [];
  const repeated: InboundEvent[] = [];
  let last: string | undefined;
  const settle = async () => {
    await whileAway(taking, batch, async () => {
      await models.inboundEvents.store(waiting);
      await models.inboundEvents.countRepeats(repeated);
    });
    if (last !== undefined) await batch.taken(last);
  };
  try {
    for (const { message, record } of read) {
      if (isOver(batch, endMs)) break;
      const taken = await takeOne(taking, batch, { message, record, known, rules });
      if (taken === 'repeated' && 'event' in record) repeated.push(record.event);
      else if (typeof taken === 'object') {
        waiting.push(taken);
        known.add(rowId(taken.event.tenantId, taken.event.id));
      }
      last = message.offset;
      await batch.heartbeat();
    }
  } catch (error) {
    // Whoever takes them again finds what became of them, if that can still be told.
    await models.inboundEvents
      .store(waiting)
      .catch((failure: unknown) => taking.deps.log.debug({ err: failure }, 'outcomes were not stored'));
    throw error;
  }
  await settle();
}

async function takeOne(
  taking: TakingRecords,
  batch: RecordBatch,
  one: {
    message: KafkaMessage;
    record: ReadRecord;
    known: ReadonlySet<string>;
    rules: ReadonlyMap<string, RulesFound>;
  },
): Promise<Waiting | 'repeated' | 'set aside' | 'ignored'> {
  const { message, record, known, rules } = one;
  if ('refusal' in record) {
    await setAside(taking, batch, message, { reason: record.refusal, detail: record.detail });
    return 'set aside';
  }
  const { event } = record;
  const of = { tenantId: event.tenantId, eventId: event.id };
  if (known.has(rowId(event.tenantId, event.id))) return 'repeated';
  const theirs = rules.get(event.tenantId);
  if (!theirs) {
    await setAside(taking, batch, message, {
      ...of,
      reason: 'unknown_tenant',
      detail: 'there is no such tenant',
    });
    return 'set aside';
  }
  const outcome =
    theirs === 'unreadable'
      ? 'failed'
      : await faultless(taking, batch, event, () => takeEvent(taking.deps, theirs, event, batch.heartbeat));
  if (outcome === 'failed') {
    const detail = 'something went wrong on our side: the log says what';
    await setAside(taking, batch, message, { ...of, reason: 'failed', detail });
    return 'set aside';
  }
  // Topics are often full of what notifies nobody.
  if (outcome.status === 'unmatched' && !taking.deadLetterUnmatched) return 'ignored';
  if (outcome.status !== 'accepted') {
    const reason = outcome.reason ?? outcome.status;
    await setAside(taking, batch, message, { ...of, reason, detail: detailOf(outcome) });
  }
  return { event, outcome };
}

function detailOf({ status, reason, steps }: EventOutcome): string {
  if (reason !== undefined) return 'its timestamp is more than 5 minutes ahead of our clock';
  if (status === 'unmatched') return 'no rule is for it';
  return steps
    .flatMap(({ rule, do: what, error }) => (error ? [`${rule} ${what}: ${error.detail}`] : []))
    .join('; ');
}

async function setAside(
  { deadLetters }: TakingRecords,
  batch: RecordBatch,
  message: KafkaMessage,
  why: { reason: string; detail: string; tenantId?: string; eventId?: string },
): Promise<void> {
  const { topic, partition } = batch;
  await deadLetters.send({ place: { topic, partition }, message, ...why }, () => stillOurs(batch));
}

async function rulesOfAll(
  { models, log }: InboundDependencies,
  events: readonly InboundEvent[],
): Promise<Map<string, RulesFound>> {
  const ids = [...new Set(events.map(({ tenantId }) => tenantId))];
  const read = async (tenantId: string): Promise<RulesFound> => {
    try {
      return await rulesOf(models, tenantId);
    } catch (error) {
      if (isAway(error)) throw error;
      // One tenant's trouble, a lost key say, is not to stop the others' events.
      log.error({ tenantId, err: error }, 'event rules cannot be read');
      return 'unreadable';
    }
  };
  return new Map(await Promise.all(ids.map(async (tenantId) => [tenantId, await read(tenantId)] as const)));
}

/** Tries an event a few times where it fails for no known reason: one event must not stop those behind it. */
async function faultless<T>(
  taking: TakingRecords,
  batch: RecordBatch,
  { tenantId, id }: InboundEvent,
  work: () => Promise<T>,
): Promise<T | 'failed'> {
  for (let fault = 1; ; fault += 1) {
    try {
      return await whileAway(taking, batch, work);
    } catch (error) {
      if (error instanceof Interrupted || !isFault(error)) throw error;
      taking.deps.log.error({ tenantId, eventId: id, err: error }, 'event failed');
      if (fault >= MAX_FAULTS) return 'failed';
      await pause(FIRST_PAUSE_MS);
      await stillOurs(batch);
    }
  }
}

/** Not what the Kafka client throws when the group is being rebalanced. */
function isFault(error: unknown): boolean {
  return !(error instanceof Error && error.name.startsWith('KafkaJS'));
}

/** Works, and while Temporal or MongoDB is away waits and tries again. */
async function whileAway<T>(
  { deps: { log } }: TakingRecords,
  batch: RecordBatch,
  work: () => Promise<T>,
): Promise<T> {
  const place = { topic: batch.topic, partition: batch.partition };
  let waited = false;
  for (let waitMs = FIRST_PAUSE_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_PAUSE_MS)) {
    try {
      const done = await work();
      if (waited) log.info(place, 'event intake goes on');
      return done;
    } catch (error) {
      if (!isAway(error)) throw error;
      if (!waited) log.warn({ ...place, err: error }, 'event intake waits: a dependency is away');
      waited = true;
      for (let leftMs = waitMs; leftMs > 0; leftMs -= FIRST_PAUSE_MS) {
        await pause(Math.min(leftMs, FIRST_PAUSE_MS));
        await stillOurs(batch);
      }
    }
  }
}

async function stillOurs(batch: RecordBatch): Promise<void> {
  if (!batch.isRunning()) throw new Interrupted('the consumer stops');
  await batch.heartbeat();
}
