import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { channelNames, type ChannelName } from '../../contracts/channels.js';
import {
  channelOutcomes,
  statusOf,
  type ChannelOutcome,
  type ChannelOutcomes,
} from '../../contracts/outcomes.js';
import { notificationStatuses, runningNotificationStatuses } from '../../contracts/statuses.js';
import { createModels, type Models } from '../../models/models.js';
import { endChannels } from '../../models/notification-status.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import { openMongo } from '../../runtime/mongodb.js';
import { withDatabase } from '../support/servers.js';

let mongo: Connection;
let models: Models;
beforeAll(async () => {
  mongo = openMongo(withDatabase(inject('mongodbUri'), `status_${randomBytes(4).toString('hex')}`), {
    name: 'test',
  });
  await mongo.asPromise();
  models = createModels(mongo, undefined);
});
afterAll(async () => {
  await mongo.dropDatabase();
  await mongo.close();
});

/** Every set of outcomes, one to a channel; and every outcome, or none, of each of three channels. */
function combinations(): ChannelOutcomes[] {
  const sets = Array.from({ length: 2 ** channelOutcomes.length }, (_, bits) =>
    channelOutcomes.filter((_outcome, index) => bits & (1 << index)),
  );
  const spread = (outcomes: readonly (ChannelOutcome | undefined)[]): ChannelOutcomes =>
    Object.fromEntries(
      outcomes.flatMap((outcome, index) => (outcome ? [[channelNames[index], outcome] as const] : [])),
    );
  const any = [undefined, ...channelOutcomes];
  const triples = any.flatMap((one) => any.flatMap((two) => any.map((three) => [one, two, three])));
  return [...sets, ...triples].map(spread);
}

const heldUntil = new Date('2027-01-01T00:00:00Z');

function row(id: string, outcomes: ChannelOutcomes, status: NotificationRow['status']): NotificationRow {
  const at = new Date('2026-12-01T00:00:00Z');
  return {
    _id: `acme/${id}`,
    tenantId: 'acme',
    id,
    recipientId: 'u-1',
    type: 'mention',
    category: 'collaboration',
    severity: 'info',
    icon: 'at',
    color: '#000000',
    priority: 'normal',
    status,
    waiting: true,
    createdAt: at,
    updatedAt: at,
    heldUntil,
    requestHash: 'x',
    trigger: 'x',
    plan: { sequence: 1, decidedAt: at, channels: {} },
    outcomes,
    timeline: [],
    purgeAt: new Date('2099-01-01T00:00:00Z'),
  };
}

describe('the status that follows from how the channels ended', () => {
  it('is the same in MongoDB’s words as in ours, for every combination', async () => {
    const all = combinations();
    expect(all.length).toBe(256 + 729);
    const rows = all.flatMap((outcomes, index) =>
      (['sending', 'held', 'sent'] as const).map((before) => row(`c${index}-${before}`, outcomes, before)),
    );
    await models.notifications.model.collection.insertMany(rows as never[]);
    await models.notifications.model.updateMany({ tenantId: 'acme' }, endChannels({}, [], new Date()), {
      updatePipeline: true,
    });
    const ended = new Map(
      (await models.notifications.model.find({ tenantId: 'acme' }).lean<NotificationRow[]>()).map(
        (each) => [each.id, each] as const,
      ),
    );
    const seen = new Set<string>();
    for (const { id, outcomes, status: before } of rows) {
      const after = ended.get(id);
      const ours = statusOf(outcomes);
      // What is open goes on being held, if it was.
      const expected = ours === 'sending' && before === 'held' ? 'held' : ours;
      const isWaiting = runningNotificationStatuses.includes(expected);
      expect(
        { status: after?.status, waiting: after?.waiting, heldUntil: after?.heldUntil },
        JSON.stringify({ before, outcomes }),
      ).toEqual({
        status: expected,
        waiting: isWaiting ? true : undefined,
        heldUntil: expected === 'held' ? heldUntil : undefined,
      });
      seen.add(expected);
    }
    expect([...seen].sort()).toEqual(notificationStatuses.filter((status) => status !== 'accepted').sort());
  });

  it('lets no channel’s end get lost when all end at the same moment', async () => {
    const outcomes = Object.fromEntries(channelNames.map((name) => [name, 'open' as const]));
    await models.notifications.insertPlanned(row('race', outcomes, 'sending'));
    await Promise.all(
      channelNames.map((name: ChannelName) =>
        models.notifications.markEnded(
          'acme',
          'race',
          { [name]: name === 'sms' ? ('failed' as const) : ('sent' as const) },
          [{ at: new Date(), event: 'sent', detail: name }],
        ),
      ),
    );
    const after = await models.notifications.find('acme', 'race');
    expect(after).toMatchObject({ status: 'partial', outcomes: { email: 'sent', sms: 'failed' } });
    expect(after?.timeline).toHaveLength(channelNames.length);
    expect(after).not.toHaveProperty('waiting');
  });
});
