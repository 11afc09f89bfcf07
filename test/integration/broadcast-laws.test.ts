import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { startEngine, type Engine } from '../support/engine.js';
import { addPeople, broadcastTo, mailedTo, smallLanes, sumOf } from '../support/broadcasts.js';
import { howMany } from '../support/long-tests.js';
import { quietNow } from '../unit/api-checked.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: smallLanes,
  });
  engine.smtp.behave({ at: 'recipient', to: /-gone-/, do: { reply: '550 5.1.1 no such user' } });
});
afterAll(() => engine.stop());

/** What becomes of each kind of recipient, with an inbox and by mail. */
const fates = {
  reachable: 'sent',
  unknown: 'suppressed',
  off: 'suppressed',
  quiet: 'held',
  gone: 'partial',
} as const;
type Kind = keyof typeof fates;

const member = fc.record({
  kind: fc.constantFrom(...(Object.keys(fates) as Kind[])),
  listed: fc.boolean(),
  inRole: fc.boolean(),
  inTopic: fc.boolean(),
});

it('tells everybody of any audience once, and its counts say what became of them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(member, { minLength: 1, maxLength: 35 }), async (drawn) => {
      const run = randomBytes(4).toString('hex');
      const people = drawn.map((one, at) => ({
        ...one,
        id: `${run}-${one.kind}-${at}`,
        // Nobody can have a role without being there.
        inRole: one.inRole && one.kind !== 'unknown',
        // The first one makes sure that each source has somebody.
        ...(at === 0
          ? { kind: 'reachable' as const, id: `${run}-reachable-0`, inRole: true, inTopic: true }
          : {}),
      }));
      for (const { id, kind, inRole } of people) {
        if (kind === 'unknown') continue;
        await addPeople(engine, [id], { roles: inRole ? [run] : [] });
        const change = {
          quiet: { quietHours: quietNow() },
          off: { types: { system: { email: false, in_app: false } } },
        }[kind as 'quiet' | 'off'];
        if (change) await engine.api('PATCH', `/v1/subscribers/${id}/preferences`, change);
      }
      const idsWhere = (is: (one: (typeof people)[number]) => boolean) =>
        people.filter(is).map(({ id }) => id);
      await engine.api('PUT', `/v1/topics/${run}/members`, { add: idsWhere((one) => one.inTopic) });
      const listed = idsWhere((one) => one.listed);

      const broadcast = await broadcastTo(engine, {
        to: { role: run, topic: run, ...(listed.length === 0 ? {} : { recipients: [...listed, ...listed] }) },
      });
      const { status, total, counts } = await broadcast.over();

      const audience = people.filter((one) => one.listed || one.inRole || one.inTopic);
      const rows = await engine.models.notificationBulk.ofBroadcast('acme', broadcast.id, { limit: 1_000 });
      const became = rows.map((row) => [row.recipientId, row.status]).sort();
      expect(became).toEqual(audience.map(({ id, kind }) => [id, fates[kind]]).sort());
      expect({ status, total, sum: sumOf(counts) }).toEqual({
        status: 'completed',
        total: audience.length,
        sum: audience.length,
      });
      const reached = audience
        .filter(({ kind }) => kind === 'reachable')
        .map(({ id }) => `${id}@example.com`);
      expect(mailedTo(engine, run)).toEqual(reached.sort());
    }),
    { numRuns: howMany({ short: 4, long: 40 }) },
  );
});
