import { z } from 'zod';
import { anyTrigger, type AnyTrigger } from '../../contracts/broadcasts.js';
import { durationMs } from '../../contracts/durations.js';
import { CarillonError, type ErrorItem } from '../../contracts/errors.js';
import type { EventAction, EventStep, NamedRule } from '../../contracts/event-rules.js';
import type { InboundEvent } from '../../contracts/inbound-events.js';
import { parsePart } from '../../contracts/parse.js';
import { externalId, timestamp } from '../../contracts/primitives.js';
import { reminderCreate, type ReminderPut } from '../../contracts/reminders.js';
import { related } from '../../contracts/trigger.js';
import { expand, withTexts, type Filling } from './expand.js';

/** One thing to do, with nothing left to be filled in. */
export type ReadyStep =
  | { do: 'trigger'; trigger: AnyTrigger; key: { text: string; isOwn: boolean } }
  | { do: 'cancel' | 'acknowledge' | 'completeReminder' | 'withdrawReminder'; key: string }
  | {
      do: 'moveReminder';
      key: string;
      dueAt: string;
      made?: Pick<ReminderPut, 'offsets' | 'notification'>;
    }
  | { do: 'withdrawRelated'; related: { type: string; id: string }; recipient?: string };

/** A step of a rule for one event: ready, or why it cannot be. */
export type StepForEvent = { do: EventStep['do']; path: string } & (
  { ready: ReadyStep } | { errors: ErrorItem[] }
);

const keyed = z.object({ key: externalId });
const moved = z.object({ key: externalId, dueAt: timestamp });
const withdrawn = z.object({ related, recipient: externalId.optional() });
/** Whose values are names and IDs. */
const texts = ['to', 'related', 'type', 'actor', 'threadKey', 'digestKey', 'idempotencyKey', 'category'];

/** What a rule does about an event, step by step. */
export function stepsFor(
  rule: Pick<NamedRule, 'id' | 'then'>,
  event: InboundEvent,
  filling: Omit<Filling, 'errors'>,
): StepForEvent[] {
  return stepsOf(rule.then).map(({ step, path }, index) => {
    const errors: ErrorItem[] = [];
    const ready = attempt(errors, () => {
      const filled = fill(step, path, { ...filling, errors });
      if (errors.length > 0) return undefined;
      refuseWider(step, filled as EventStep, path);
      return readyStep(filled as EventStep, { rule, event, index, path });
    });
    return { do: step.do, path, ...(ready ? { ready } : { errors }) };
  });
}

/**
 * The step with its Liquid evaluated, but for `content`: that is a template of its own, filled from `data` when it is sent.
 * Were it filled here too, what an event says would become part of a template.
 */
function fill(step: EventStep, path: string, filling: Filling): unknown {
  if (!('notification' in step) || step.notification?.content === undefined)
    return expand(step, path, filling);
  const { content, ...notification } = step.notification;
  const filled = expand({ ...step, notification }, path, filling) as { notification: object };
  return { ...filled, notification: { ...filled.notification, content } };
}

/**
 * Without a recipient everybody's is withdrawn, so one that the event does not name must not be left out.
 * @throws CarillonError `unprocessable`
 */
function refuseWider(asked: EventStep, filled: EventStep, path: string): void {
  if (asked.do !== 'withdrawRelated' || asked.recipient === undefined) return;
  if (filled.do === 'withdrawRelated' && filled.recipient !== undefined) return;
  const missing = { path: `${path}.recipient`, message: 'is missing' };
  throw new CarillonError('unprocessable', `${missing.path}: ${missing.message}`, [missing]);
}

/** A rule's steps with their paths in it. */
export function stepsOf(action: EventAction): { step: EventStep; path: string }[] {
  if (action.do !== 'chain') return [{ step: action, path: 'then' }];
  return action.steps.map((step, index) => ({ step, path: `then.steps.${index}` }));
}

function readyStep(
  step: EventStep,
  at: { rule: Pick<NamedRule, 'id'>; event: InboundEvent; index: number; path: string },
): ReadyStep {
  switch (step.do) {
    case 'trigger':
      return triggerStep(step, at);
    case 'moveReminder': {
      const { key, dueAt } = parseAt(moved, { ...step, key: withTexts(step.key) }, at.path);
      if (!step.notification) return { do: step.do, key, dueAt };
      const { notification, offsets } = step;
      const asked = { key, dueAt, offsets, notification: withNames(notification) };
      return { do: step.do, key, dueAt, made: parseAt(reminderCreate, asked, at.path) };
    }
    case 'withdrawRelated': {
      const { recipient, ...found } = parseAt(withdrawn, withTexts(step), at.path);
      return { do: step.do, ...found, ...(recipient === undefined ? {} : { recipient }) };
    }
    case 'cancel':
    case 'acknowledge':
    case 'completeReminder':
    case 'withdrawReminder':
      return { do: step.do, ...parseAt(keyed, withTexts(step), at.path) };
  }
}

function triggerStep(
  step: Extract<EventStep, { do: 'trigger' }>,
  {
    rule,
    event,
    index,
    path,
  }: { rule: Pick<NamedRule, 'id'>; event: InboundEvent; index: number; path: string },
): ReadyStep {
  const asked = parseAt(anyTrigger, withNames(step.notification), `${path}.notification`);
  const own = asked.idempotencyKey;
  // No key that a caller can send contains a NUL.
  const text = own ?? `${event.id}\u0000${rule.id}\u0000${index}`;
  const later = step.delay === undefined ? undefined : dueAfter(event, durationMs(step.delay));
  return {
    do: 'trigger',
    trigger: {
      ...asked,
      idempotencyKey: text,
      ...(later === undefined ? {} : { sendAt: later }),
    },
    key: { text, isOwn: own !== undefined },
  };
}

/** Counted from the event, so that it is the same however often it is delivered; undefined when it has passed. */
function dueAfter({ at }: InboundEvent, delayMs: number): string | undefined {
  const dueMs = at.getTime() + delayMs;
  return dueMs > Date.now() ? new Date(dueMs).toISOString() : undefined;
}

function withNames(notification: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(notification).map(([name, value]) => [
      name,
      texts.includes(name) ? withTexts(value) : value,
    ]),
  );
}

function parseAt<S extends z.ZodType>(schema: S, value: unknown, path: string): z.output<S> {
  try {
    return parsePart(schema, value);
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    const errors = (error.errors ?? []).map((one) => ({ ...one, path: `${path}.${one.path}` }));
    throw new CarillonError(error.code, error.detail, errors);
  }
}

function attempt<T>(errors: ErrorItem[], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    errors.push(...(error.errors ?? [{ path: '', message: error.detail }]));
    return undefined;
  }
}
