import { ulid } from 'ulid';
import { z } from 'zod';
import { CarillonError, invalid } from '../../contracts/errors.js';
import {
  eventRule,
  eventRuleOrder,
  eventRulePatch,
  type EventRule,
  type NamedRule,
} from '../../contracts/event-rules.js';
import { parsePart } from '../../contracts/parse.js';
import { findBuiltInRule } from '../../events/inbound/built-in-rules.js';
import { inOrder } from '../../events/inbound/rules-of.js';
import type { StoredEventRule } from '../../models/event-rules.js';
import type { ApiDependencies } from '../dependencies.js';
import { checkRule } from '../events/check-rule.js';
import { route } from '../route.js';
import { idParams } from '../schemas.js';
import { iso } from '../views/time.js';

const tag = 'events';
const json = z.unknown();
const ruleView = z.object({
  id: z.string(),
  builtIn: z.boolean().describe('every tenant has it; it can be switched off, and nothing else'),
  name: z.string(),
  enabled: z.boolean(),
  sources: z.array(z.string()).nullable(),
  when: json,
  then: json,
  stop: z.boolean(),
  createdAt: z.iso.datetime().nullable(),
  updatedAt: z.iso.datetime().nullable(),
});
const all = z.object({ items: z.array(ruleView) });

const list = route({
  method: 'get',
  path: '/v1/event-rules',
  tag,
  summary: 'List event rules in the order in which they are asked, the built-in ones last',
  access: 'admin',
  answers: { 200: { description: 'all of them', schema: all } },
  async handle({ tenantId }, deps) {
    return { status: 200, body: await showAll(deps, tenantId) };
  },
});

const create = route({
  method: 'post',
  path: '/v1/event-rules',
  tag,
  summary: 'Make an event rule, the last of the tenant’s own',
  access: 'admin',
  audit: 'event_rule.created',
  body: eventRule,
  answers: { 201: { description: 'made', schema: ruleView } },
  async handle({ tenantId, body }, deps) {
    await checkRule(deps, tenantId, body);
    const stored = await deps.models.eventRules.create(tenantId, `rul_${ulid()}`, body);
    return {
      status: 201,
      body: show(stored.rule, stored),
      audited: { subject: stored.rule.id, after: trail(body) },
    };
  },
});

const get = route({
  method: 'get',
  path: '/v1/event-rules/{id}',
  tag,
  summary: 'One event rule',
  access: 'admin',
  params: idParams,
  answers: { 200: { description: 'the rule', schema: ruleView } },
  async handle({ tenantId, params: { id } }, deps) {
    const { rule, stored } = await find(deps, tenantId, id);
    return { status: 200, body: show(rule, stored) };
  },
});

const put = route({
  method: 'put',
  path: '/v1/event-rules/{id}',
  tag,
  summary: 'Replace an event rule of the tenant’s own; it keeps its place',
  access: 'admin',
  audit: 'event_rule.replaced',
  params: idParams,
  body: eventRule,
  answers: { 200: { description: 'replaced', schema: ruleView } },
  handle: async ({ tenantId, params: { id }, body }, deps) => replace(deps, tenantId, id, () => body),
});

const patch = route({
  method: 'patch',
  path: '/v1/event-rules/{id}',
  tag,
  summary: 'Change an event rule; of a built-in one only `enabled`',
  access: 'admin',
  audit: 'event_rule.changed',
  params: idParams,
  body: eventRulePatch,
  answers: { 200: { description: 'as it is now', schema: ruleView } },
  async handle({ tenantId, params: { id }, body }, deps) {
    const { rule: known } = await find(deps, tenantId, id);
    if (!known.builtIn) {
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      return replace(deps, tenantId, id, ({ id: _id, builtIn: _builtIn, ...rule }) =>
        parsePart(eventRule, { ...rule, ...given }),
      );
    }
    const { enabled, ...others } = body;
    const [other] = Object.entries(others).filter(([, value]) => value !== undefined);
    if (other) throw invalid(other[0], 'of a built-in rule cannot be changed');
    if (enabled !== undefined) await deps.models.eventRules.switchBuiltIn(tenantId, id, enabled);
    const { rule } = await find(deps, tenantId, id);
    return {
      status: 200,
      body: show(rule),
      audited: { subject: id, before: { enabled: known.enabled }, after: { enabled: rule.enabled } },
    };
  },
});

const remove = route({
  method: 'delete',
  path: '/v1/event-rules/{id}',
  tag,
  summary: 'Delete an event rule of the tenant’s own',
  access: 'admin',
  audit: 'event_rule.deleted',
  params: idParams,
  answers: { 204: { description: 'deleted' } },
  async handle({ tenantId, params: { id } }, deps) {
    const { rule } = await find(deps, tenantId, id);
    if (rule.builtIn) throw builtInStays();
    await deps.models.eventRules.remove(tenantId, id);
    return { status: 204, audited: { subject: id, before: trail(rule) } };
  },
});

const order = route({
  method: 'post',
  path: '/v1/event-rules/order',
  tag,
  summary: 'Order the tenant’s own rules: `ids` names each once',
  access: 'admin',
  audit: 'event_rule.ordered',
  body: eventRuleOrder,
  answers: { 200: { description: 'all rules as they are now', schema: all } },
  async handle({ tenantId, body: { ids } }, deps) {
    await deps.models.eventRules.order(tenantId, ids);
    return {
      status: 200,
      body: await showAll(deps, tenantId),
      audited: { subject: 'order', after: { ids } },
    };
  },
});

async function replace(
  deps: ApiDependencies,
  tenantId: string,
  id: string,
  change: (known: NamedRule) => EventRule,
) {
  const { rule: known } = await find(deps, tenantId, id);
  if (known.builtIn) throw builtInStays();
  const next = change(known);
  await checkRule(deps, tenantId, next);
  const stored = await deps.models.eventRules.replace(tenantId, id, next);
  if (!stored) throw unknown(id);
  return {
    status: 200,
    body: show(stored.rule, stored),
    audited: { subject: id, before: trail(known), after: trail(next) },
  };
}

async function find(
  { models }: ApiDependencies,
  tenantId: string,
  id: string,
): Promise<{ rule: NamedRule; stored?: StoredEventRule }> {
  if (findBuiltInRule(id)) {
    const rule = inOrder(await models.eventRules.list(tenantId)).find((one) => one.id === id);
    if (rule) return { rule };
  }
  const stored = await models.eventRules.find(tenantId, id);
  if (!stored) throw unknown(id);
  return { rule: stored.rule, stored };
}

async function showAll({ models }: ApiDependencies, tenantId: string): Promise<z.output<typeof all>> {
  const rules = await models.eventRules.list(tenantId);
  const stored = new Map(rules.own.map((one) => [one.rule.id, one]));
  return { items: inOrder(rules).map((rule) => show(rule, stored.get(rule.id))) };
}

function show(
  { id, builtIn, name, enabled, sources, when, then, stop }: NamedRule,
  stored?: StoredEventRule,
): z.output<typeof ruleView> {
  return {
    id,
    builtIn,
    name,
    enabled,
    sources,
    when,
    then,
    stop,
    createdAt: iso(stored?.createdAt),
    updatedAt: iso(stored?.updatedAt),
  };
}

/** What the trail keeps: it may be read long after, so no addresses that a mapping may hold. */
function trail({ name, enabled, sources, when, then: { do: what }, stop }: EventRule) {
  return { name, enabled, sources, when, do: what, stop };
}

function builtInStays(): CarillonError {
  return new CarillonError(
    'conflict',
    'a built-in rule can only be switched off: PATCH { "enabled": false }',
  );
}

function unknown(id: string): CarillonError {
  return new CarillonError('not_found', `there is no event rule "${id}"`);
}

export const eventRuleRoutes = [list, order, create, get, put, patch, remove];
