import { describe, expect, it } from 'vitest';
import { CarillonError } from '../../contracts/errors.js';
import { preferencesPatch } from '../../contracts/preferences.js';
import { subscriberCreate } from '../../contracts/subscribers.js';
import { tenantPatch } from '../../contracts/tenants.js';
import { trigger } from '../../contracts/trigger.js';
import { pageLimit } from '../../contracts/primitives.js';
import { checkDepth, parsePart } from '../../contracts/parse.js';
import { z } from 'zod';

function refusal(schema: z.ZodType, value: unknown): CarillonError {
  try {
    parsePart(schema, value);
  } catch (error) {
    if (error instanceof CarillonError) return error;
    throw error;
  }
  throw new Error('taken');
}
const mention = { type: 'mention', to: { recipient: 'u-1' } };
const channels = 'in_app, email, sms, push, slack, teams, webhook, whatsapp';

describe('what is said of a field that is wrong', () => {
  it.each<[z.ZodType, unknown, string, string]>([
    [trigger, { type: 'mention' }, 'to', 'is missing'],
    [trigger, { ...mention, to: 'u-1' }, 'to', 'must be an object'],
    [trigger, { ...mention, type: 1 }, 'type', 'must be a string'],
    [trigger, { ...mention, data: 'x' }, 'data', 'must be an object'],
    [trigger, { ...mention, channels: 'email' }, 'channels', 'must be an array'],
    [trigger, { ...mention, channels: [] }, 'channels', 'must not be empty'],
    [trigger, { ...mention, channels: ['in-app'] }, 'channels.0', `must be one of ${channels}`],
    [trigger, { ...mention, priority: 'urgent' }, 'priority', 'must be one of critical, high, normal, low'],
    [trigger, { ...mention, threadKey: 'x'.repeat(201) }, 'threadKey', 'must be at most 200 characters'],
    [trigger, { ...mention, threadKey: '' }, 'threadKey', 'must not be empty'],
    [
      trigger,
      { ...mention, actions: Array(6).fill({ label: 'x', url: '/' }) },
      'actions',
      'must be at most 5 items',
    ],
    [
      trigger,
      { ...mention, escalation: Array(6).fill({ after: 'PT15M', channel: 'email' }) },
      'escalation',
      'must be at most 5 items',
    ],
    [
      trigger,
      { ...mention, digestKey: 'daily' },
      'digestKey',
      'is the name of a cadence, whose digests collect by the person’s preference: choose another key',
    ],
    [trigger, { ...mention, payload: 1 }, 'payload', 'is not a known field'],
    [
      trigger,
      { ...mention, to: { recipient: { id: 'u', name: 'A' } } },
      'to.recipient.name',
      'is not a known field',
    ],
    [
      trigger,
      { ...mention, actionUrl: 'ftp://x' },
      'actionUrl',
      'must be an http or https URL, or a path that begins with a single slash',
    ],
    [trigger, [], 'body', 'must be an object'],
    [trigger, null, 'body', 'must be an object'],
    [preferencesPatch, { channels: { email: 'no' } }, 'channels.email', 'must be true or false'],
    [
      preferencesPatch,
      { types: { mention: { cadence: 'monthly' } } },
      'types.mention.cadence',
      'must be one of immediate, hourly, daily, weekly, or must be an object',
    ],
    [
      preferencesPatch,
      { types: { 'My Type': {} } },
      'types.My Type',
      'its name must be lower-case letters, digits, dashes or underscores',
    ],
    [
      preferencesPatch,
      { categories: { x: { pigeon: true } } },
      'categories.x.pigeon',
      `its name must be one of ${channels}`,
    ],
    [subscriberCreate, { id: 'u', email: 'ann' }, 'email', 'is not an e-mail address'],
    [
      subscriberCreate,
      { id: 'u', attributes: { a: {} } },
      'attributes.a',
      'must be a string, or must be a number, or must be true or false, or must be an array',
    ],
    [tenantPatch, { retention: { readDays: 0 } }, 'retention.readDays', 'must be at least 1'],
    [tenantPatch, { retention: { readDays: 1.5 } }, 'retention.readDays', 'must be a whole number'],
    [tenantPatch, { retention: { readDays: 9999 } }, 'retention.readDays', 'must be at most 3650'],
    [z.object({ limit: pageLimit }), { limit: 'many' }, 'limit', 'must be a number'],
    [z.object({ limit: pageLimit }), { limit: '0' }, 'limit', 'must be at least 1'],
    [z.object({ wait: z.enum(['decision']) }), { wait: 'x' }, 'wait', 'must be decision'],
  ])('case %#', (schema, value, path, message) => {
    const { errors, detail, code } = refusal(schema, value);
    expect(errors).toContainEqual({ path, message });
    expect(code).toBe('validation_failed');
    expect(detail).toBe(`${errors?.[0]?.path}: ${errors?.[0]?.message}`);
  });

  it('never repeats what was given', () => {
    const { detail, errors } = refusal(trigger, {
      ...mention,
      priority: 'planted',
      data: 'planted',
      type: 'PLANTED',
    });
    expect(JSON.stringify([detail, errors])).not.toMatch(/planted/i);
  });

  it('stops at fifty', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`f${index}`, 1]));
    expect(refusal(trigger, many).errors).toHaveLength(50);
  });
});

describe('nesting', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

  it('is taken to 32 levels and no deeper', () => {
    expect(() => checkDepth(nested(32))).not.toThrow();
    expect(() => checkDepth(nested(33))).toThrow('is nested deeper than 32 levels');
  });
});
