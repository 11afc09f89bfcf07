import { z } from 'zod';
import { eventRule, type NamedRule } from '../../contracts/event-rules.js';
import { sourceName } from '../../contracts/event-sources.js';
import { CarillonError, type ErrorItem } from '../../contracts/errors.js';
import type { InboundEvent } from '../../contracts/inbound-events.js';
import { lineOfText } from '../../contracts/primitives.js';
import { wouldRefuse } from '../../commands/trigger/dry-run.js';
import { decide } from '../../events/inbound/decide.js';
import { eventIdOf, ownIdOf, ownTimeOf } from '../../events/inbound/event-id.js';
import { rulesOf } from '../../events/inbound/rules-of.js';
import type { StepForEvent } from '../../events/inbound/steps.js';
import { isFromTheFuture } from '../../events/inbound/take.js';
import type { ApiDependencies } from '../dependencies.js';
import { inboundOf } from '../events/dependencies.js';
import { route } from '../route.js';

const tried = z.strictObject({
  source: sourceName,
  event: z.record(z.string(), z.unknown()),
  headers: z.record(lineOfText(100), z.string().max(1000)).default({}),
  key: z.string().max(1000).optional(),
  /** One that is not stored yet, asked alone. */
  rule: eventRule.optional(),
});

const errors = z.array(z.object({ path: z.string(), message: z.string() }));
const step = z.object({
  do: z.string(),
  path: z.string(),
  wouldDo: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('a trigger as it would be accepted, or a key; null where it cannot be made'),
  errors,
});
const answer = z.object({
  status: z.enum(['accepted', 'partial', 'refused', 'unmatched']),
  reason: z.enum(['from_the_future']).nullable(),
  rules: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      matched: z.boolean(),
      because: z.string().nullable().describe('why it is not for this event'),
      steps: z.array(step),
    }),
  ),
});
type Step = z.output<typeof step>;

const dryRun = route({
  method: 'post',
  path: '/v1/event-rules/dry-run',
  tag: 'events',
  summary: 'Show what an event would lead to, rule by rule; nothing is done',
  access: 'admin',
  audit: 'event_rule.tried',
  body: tried,
  answers: { 200: { description: 'what it would lead to', schema: answer } },
  async handle({ tenantId, body }, deps) {
    const rules = await rulesOf(deps.models, tenantId);
    if (!rules) throw new CarillonError('not_found', `there is no tenant "${tenantId}"`);
    const { source, event: said, headers, key } = body;
    const now = new Date();
    const event: InboundEvent = {
      tenantId,
      id: eventIdOf({ tenantId, source }, ownIdOf(said, null) ?? 'tried'),
      via: 'http',
      source,
      body: said,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      ...(key === undefined ? {} : { key }),
      at: ownTimeOf(said) ?? now,
      receivedAt: now,
    };
    const alone: NamedRule[] | undefined = body.rule && [{ ...body.rule, id: 'tried', builtIn: false }];
    const decisions = decide({ ...rules, rules: alone ?? rules.rules }, event, inboundOf(deps).ownChannels);
    const shown = await Promise.all(
      decisions.map(async ({ rule, because, steps }) => ({
        id: rule.id,
        name: rule.name,
        matched: because === undefined,
        because: because ?? null,
        steps: await Promise.all(steps.map((one) => showStep(deps, tenantId, one))),
      })),
    );
    const future = isFromTheFuture(event, now.getTime());
    return {
      status: 200,
      body: {
        status: future ? ('refused' as const) : statusOf(shown),
        reason: future ? ('from_the_future' as const) : null,
        rules: shown,
      },
      audited: undefined,
    };
  },
});

async function showStep(deps: ApiDependencies, tenantId: string, given: StepForEvent): Promise<Step> {
  const { do: what, path } = given;
  if (!('ready' in given)) return { do: what, path, wouldDo: null, errors: given.errors };
  const { ready } = given;
  if (ready.do !== 'trigger') {
    const { do: _do, ...wouldDo } = ready;
    return { do: what, path, wouldDo, errors: [] };
  }
  const refused = await wouldRefuse(deps, tenantId, ready.trigger);
  const { idempotencyKey: _key, ...wouldDo } = ready.trigger;
  return {
    do: what,
    path,
    wouldDo: { ...wouldDo, ...(ready.key.isOwn ? { idempotencyKey: ready.key.text } : {}) },
    errors: refused.map((one): ErrorItem => ({ ...one, path: `${path}.notification.${one.path}` })),
  };
}

function statusOf(rules: readonly { matched: boolean; steps: Step[] }[]) {
  if (rules.every(({ matched }) => !matched)) return 'unmatched';
  const steps = rules.flatMap((rule) => rule.steps);
  const refused = steps.filter((one) => one.errors.length > 0).length;
  if (refused === 0) return 'accepted';
  return refused === steps.length ? 'refused' : 'partial';
}

export const eventRuleDryRun = [dryRun];
