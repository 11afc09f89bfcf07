import { randomInt } from 'node:crypto';
import { WorkflowNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { collect } from '../../activities/digest/collect.js';
import { leaveDigest } from '../../commands/digests/leave.js';
import { CarillonError } from '../../contracts/errors.js';
import { digestWorkflowId } from '../../contracts/ids.js';
import { noPreferences } from '../../contracts/preferences.js';
import { trigger, type Trigger } from '../../contracts/trigger.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import { rowId } from '../../models/row-id.js';
import type { PlanningFacts } from '../../activities/planning-facts.js';
import { PublishedTemplates } from '../../templates/published-templates.js';
import { TemplateCache } from '../../templates/template-cache.js';
import { workflowRuns } from '../../worker/workflow-runs.js';
import { eventually } from '../support/engine.js';
import { howMany } from '../support/long-tests.js';
import { startTimeSkippingEngine, type TimeSkippingEngine } from '../support/time-skipping.js';
import { aType } from '../unit/policy-facts.js';

/** Schedules that are tried. */
const SCHEDULES = howMany({ short: 40, long: 1_000 });
/** People at a time, each with a schedule of their own: more would be too many for the time-skipping server. */
const PEOPLE = 60;
const rounds = Array.from({ length: Math.ceil(SCHEDULES / PEOPLE) }, (_, round) => round);
const MINUTE_MS = 60_000;
const MINUTES = 25;
const KEY = 'mixed';

let engine: TimeSkippingEngine;
beforeAll(async () => {
  engine = await startTimeSkippingEngine({ mongodbUri: inject('mongodbUri') });
});
afterAll(() => engine.stop());

type Action = 'add' | 'read' | 'leave' | 'expedite' | 'cancel';
const actions: readonly Action[] = ['add', 'add', 'add', 'add', 'add', 'read', 'leave', 'expedite', 'cancel'];

interface Item {
  id: string;
  person: string;
  /** Stands in every mail that tells of it. */
  token: string;
}

it.each(rounds)(
  'sends every item exactly once, or tells that it will not be sent, whatever happens as windows close: round %i',
  async (round) => {
    const tenant = await engine.models.tenants.find('acme');
    if (!tenant) throw new Error('no tenant');
    const vault = await engine.models.dataKeys.vault('acme');
    const type = aType();
    const facts: PlanningFacts = {
      tenant,
      vault,
      type,
      templates: new PublishedTemplates([]),
      preferences: noPreferences,
      suppressions: [],
    };
    const deps = {
      models: engine.models,
      runs: workflowRuns(engine.client, engine.taskQueue),
      templates: new TemplateCache(engine.models.templateVersions),
    };
    const people = Array.from({ length: PEOPLE }, (_, index) => `s-${round}-${index}`);
    await engine.models.subscribers.upsertMany(
      'acme',
      people.map((id) => ({ id, fields: { email: `${id}@example.com` } })),
    );
    const items = new Map<string, Item[]>(people.map((id) => [id, []]));

    async function add(person: string): Promise<void> {
      const own = items.get(person) ?? [];
      // A digest shows ten.
      if (own.length >= 10) return;
      const item = { id: `ntf_${person}_${own.length}`, person, token: `token-${person}-${own.length}-end` };
      own.push(item);
      const nowMs = await engine.nowMs();
      const said = trigger.parse({
        type: 'approval_request',
        to: { recipient: person },
        digestKey: KEY,
        digest: { period: 'PT7M' },
      });
      const row = rowOf(item, said, nowMs);
      await engine.models.notifications.insertPlanned({ ...row, trigger: vault.seal(JSON.stringify(said)) });
      await collect(deps, row, { trigger: said, facts, nowMs });
      // A workflow task that runs again calls it again.
      if (randomInt(5) === 0) await collect(deps, row, { trigger: said, facts, nowMs });
    }

    async function act(person: string, action: Action): Promise<void> {
      const own = items.get(person) ?? [];
      const item = own[randomInt(Math.max(own.length, 1))];
      if (action === 'add' || !item) return add(person);
      if (action === 'read') {
        await engine.models.notifications.model.updateOne(
          { _id: rowId('acme', item.id) },
          { readAt: new Date() },
        );
      } else if (action === 'leave') {
        await leaveDigest(engine, 'acme', item.id, { as: 'cancelled', by: 'test' }).catch(
          (error: unknown) => {
            if (!(error instanceof CarillonError)) throw error;
          },
        );
      } else {
        const place = { tenantId: 'acme', recipientId: person, digestKey: KEY };
        const handle = engine.client.workflow.getHandle(digestWorkflowId(place));
        await handle.signal(action).catch((error: unknown) => {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        });
      }
    }

    for (let minute = 0; minute < MINUTES; minute += 1) {
      // At the same time as windows close.
      await Promise.all([
        engine.skip(MINUTE_MS),
        ...people
          .filter(() => randomInt(4) === 0)
          .map((person) => act(person, actions[randomInt(actions.length)] ?? 'add')),
      ]);
    }
    await engine.skip(10 * MINUTE_MS);
    await eventually(
      'all windows to be dealt with',
      () => engine.mongo.collection('digests').countDocuments({ state: { $in: ['open', 'closing'] } }),
      (count) => count === 0,
    );

    await eventually(
      'every notification to have ended',
      async () =>
        engine.models.notifications.model.countDocuments({
          tenantId: 'acme',
          status: { $in: ['digesting', 'sending'] },
        }),
      (count) => count === 0,
    );
    const all = [...items.values()].flat();
    const outcomes = new Map(
      (await engine.models.notifications.model.find({ tenantId: 'acme' }, { id: 1, outcomes: 1 }).lean()).map(
        (row) => [row.id, row.outcomes.email] as const,
      ),
    );
    const texts = engine.smtp.mails.map(({ parsed }) => parsed.text ?? '');
    const seen = new Set<string | undefined>();
    for (const { id, token } of all) {
      const times = texts.filter((text) => text.includes(token)).length;
      const outcome = outcomes.get(id);
      expect({ id, outcome, times }).toEqual({ id, outcome, times: outcome === 'sent' ? 1 : 0 });
      expect(['sent', 'cancelled', 'acknowledged']).toContain(outcome);
      seen.add(outcome);
    }
    expect(all.length).toBeGreaterThan(PEOPLE);
    expect([...seen].sort()).toEqual(['acknowledged', 'cancelled', 'sent']);
  },
  240_000,
);

function rowOf({ id, person, token }: Item, said: Trigger, nowMs: number): NotificationRow {
  const now = new Date(nowMs);
  return {
    _id: rowId('acme', id),
    tenantId: 'acme',
    id,
    recipientId: person,
    type: said.type,
    category: 'contracts',
    severity: 'info',
    icon: 'bell',
    color: '#2563eb',
    priority: 'normal',
    status: 'digesting',
    createdAt: now,
    updatedAt: now,
    requestHash: id,
    trigger: '',
    plan: {
      sequence: 1,
      decidedAt: now,
      channels: {
        email: {
          action: 'digest',
          until: new Date(nowMs + 7 * MINUTE_MS).toISOString(),
          reason: 'digest_key',
          digestKey: KEY,
        },
      },
    },
    outcomes: { email: 'digesting' },
    timeline: [],
    title: token,
    message: 'One of many.',
    purgeAt: new Date(nowMs + 86_400_000),
  };
}
