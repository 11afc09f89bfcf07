import { describe, expect, it } from 'vitest';
import { eventRule, type NamedRule } from '../../contracts/event-rules.js';
import type { InboundEvent } from '../../contracts/inbound-events.js';
import { builtInRules } from '../../events/inbound/built-in-rules.js';
import { decide } from '../../events/inbound/decide.js';
import { mismatch } from '../../events/inbound/match.js';
import { inOrder } from '../../events/inbound/rules-of.js';

const settings = { locale: 'en', timezone: 'UTC' };
const at = new Date();

function event(body: Record<string, unknown>, more: Partial<InboundEvent> = {}): InboundEvent {
  return {
    tenantId: 'acme',
    id: 'evt_1',
    via: 'kafka',
    source: 'orders',
    body,
    headers: { 'x-kind': 'push' },
    at,
    receivedAt: at,
    ...more,
  };
}

function rule(given: Record<string, unknown>): NamedRule {
  return { ...eventRule.parse({ name: 'a rule', ...given }), id: 'rul_1', builtIn: false };
}

const ask = (rules: NamedRule[], of: InboundEvent) => decide({ rules, settings }, of, []);
const trigger = (notification: object, more: object = {}) => ({
  then: {
    do: 'trigger',
    notification: { type: 'system', to: { recipient: 'u-1' }, ...notification },
    ...more,
  },
});
function stepOf(given: Record<string, unknown>, of: InboundEvent) {
  const [decision] = ask([rule(given)], of);
  return decision?.steps[0];
}
function triggered(notification: object, body: Record<string, unknown>): Record<string, unknown> {
  const step = stepOf(trigger(notification), event(body));
  if (!step || !('ready' in step) || step.ready.do !== 'trigger') throw new Error(JSON.stringify(step));
  return step.ready.trigger;
}

describe('a condition', () => {
  const scope = { kind: 'a-1', n: 5, text: '5.5', no: null, yes: true, deep: { list: [{ x: 'y' }] } };
  it.each<[string, unknown, boolean]>([
    ['equals', { field: 'kind', equals: 'a-1' }, true],
    ['equals of another type', { field: 'n', equals: '5' }, false],
    ['equals null', { field: 'no', equals: null }, true],
    ['equals null of what is missing', { field: 'nothing', equals: null }, false],
    ['equals true', { field: 'yes', equals: true }, true],
    ['in', { field: 'n', in: [4, 5] }, true],
    ['not in', { field: 'n', in: [4, '5'] }, false],
    ['exists', { field: 'deep.list.0.x', exists: true }, true],
    ['exists of null', { field: 'no', exists: true }, false],
    ['exists not', { field: 'nothing', exists: false }, true],
    ['prefix', { field: 'kind', prefix: 'a-' }, true],
    ['prefix of a number', { field: 'n', prefix: '5' }, false],
    ['gt', { field: 'n', gt: 5 }, false],
    ['gte and lt', { field: 'n', gte: 5, lt: 6 }, true],
    ['lte of a text that is a number', { field: 'text', lte: 5.5 }, true],
    ['lt of what is no number', { field: 'kind', lt: 5 }, false],
    ['lt of what is missing', { field: 'nothing', lt: 5 }, false],
    [
      'all',
      {
        all: [
          { field: 'n', equals: 5 },
          { field: 'kind', prefix: 'a' },
        ],
      },
      true,
    ],
    [
      'all but one',
      {
        all: [
          { field: 'n', equals: 5 },
          { field: 'kind', prefix: 'b' },
        ],
      },
      false,
    ],
    [
      'any',
      {
        any: [
          { field: 'n', equals: 6 },
          { field: 'kind', prefix: 'a' },
        ],
      },
      true,
    ],
    [
      'none of any',
      {
        any: [
          { field: 'n', equals: 6 },
          { field: 'kind', prefix: 'b' },
        ],
      },
      false,
    ],
    ['not', { not: { field: 'n', equals: 6 } }, true],
    ['not of what is so', { not: { any: [{ field: 'n', equals: 5 }] } }, false],
    ['what is only inherited', { field: 'constructor', exists: true }, false],
    ['the length of a list', { field: 'deep.list.length', exists: true }, true],
  ])('%s', (_name, condition, isSo) => {
    const parsed = eventRule.shape.when.parse(condition);
    expect(parsed && mismatch(parsed, scope) === undefined).toBe(isSo);
  });

  it('tells which field was wrong, and nothing of what stands in it', () => {
    const [decision] = ask(
      [
        rule({
          when: {
            all: [
              { field: 'n', gt: 1 },
              { field: 'kind', equals: 'b' },
            ],
          },
          ...trigger({}),
        }),
      ],
      event({ n: 5, kind: 'secret' }),
    );
    expect(decision?.because).toBe('kind is not "b"');
  });

  it.each<[string, unknown, string]>([
    ['tests nothing', { field: 'a' }, 'tests nothing'],
    ['is of no kind', { some: [] }, 'expected string'],
    ['has an empty list', { all: [] }, 'expected array'],
    ['is wrong far inside', { all: [{ not: { any: [{ field: 'a', gt: 'x' }] } }] }, 'expected number'],
  ])('is refused where it %s', (_name, condition, message) => {
    const parsed = eventRule.shape.when.safeParse(condition);
    expect(JSON.stringify(parsed.error?.issues)).toContain(message);
  });

  it('names the place of what is wrong far inside', () => {
    const parsed = eventRule.shape.when.safeParse({ all: [{ not: { any: [{ field: 'a', gt: 'x' }] } }] });
    expect(parsed.error?.issues[0]?.path).toEqual(['all', 0, 'not', 'any', 0, 'gt']);
  });
});

describe('a mapping', () => {
  const body = {
    user: { id: 42, name: 'Ann' },
    items: [{ sku: 'a' }, { sku: 'b' }],
    total: 12.5,
    paid: false,
    none: null,
    contract: { id: 7 },
  };

  it.each<[string, unknown, unknown]>([
    ['a number', '{{ total }}', 12.5],
    ['a boolean', '{{ paid }}', false],
    ['a list', '{{ items }}', [{ sku: 'a' }, { sku: 'b' }]],
    ['an object', ' {{ user }} ', { id: 42, name: 'Ann' }],
    ['what filters make', '{{ items | map: "sku" }}', ['a', 'b']],
    ['a sum', '{{ total | plus: 1 }}', 13.5],
    ['text around an expression', 'EUR {{ total }}', 'EUR 12.5'],
    ['two expressions', '{{ total }}{{ paid }}', '12.5false'],
    ['a condition', '{% if paid %}yes{% else %}no{% endif %}', 'no'],
    ['the whole event', '{{ event.total }}', 12.5],
    ['where it came from', '{{ meta.source }} {{ meta.headers["x-kind"] }}', 'orders push'],
    ['no Liquid at all', 'plain', 'plain'],
  ])('keeps %s', (_name, text, value) => {
    expect(triggered({ data: { it: text } }, body).data).toEqual({ it: value });
  });

  it('lets no event write templates: content is filled from data, when it is sent', () => {
    const content = { in_app: { title: '{{ said }}', message: 'x' } };
    const made = triggered({ content, data: { said: '{{ said }}' } }, { said: '{{ recipient.email }}' });
    expect(made).toMatchObject({ content, data: { said: '{{ recipient.email }}' } });
  });

  it('leaves out what is not there', () => {
    const { data, actionUrl } = triggered(
      {
        data: { a: '{{ nothing }}', b: '{{ none }}', d: '{{ empty }}', c: ['{{ nothing }}', 'x'] },
        actionUrl: '{{ link }}',
      },
      body,
    );
    expect(data).toEqual({ c: ['x'] });
    expect(actionUrl).toBeUndefined();
  });

  it('makes text of numbers where an ID or a name is wanted, and nowhere else', () => {
    const { to, related, threadKey, data } = triggered(
      {
        to: { recipient: '{{ user.id }}' },
        related: { type: 'contract', id: '{{ contract.id }}' },
        threadKey: '{{ contract.id }}',
        data: { id: '{{ contract.id }}' },
      },
      body,
    );
    expect({ to, related, threadKey, data }).toEqual({
      to: { recipient: '42' },
      related: { type: 'contract', id: '7' },
      threadKey: '7',
      data: { id: 7 },
    });
  });

  it.each<[string, object]>([
    ['a person brought along', { recipient: { id: '{{ user.id }}', locale: 'fr' } }],
    ['several people', { recipients: ['u-1', '{{ user.id }}'] }],
    ['a role', { role: 'legal' }],
    ['topics', { topics: ['contract-{{ contract.id }}'] }],
    ['a bare address', { recipient: { email: 'ann@example.com' } }],
  ])('addresses %s', (_name, to) => {
    expect(triggered({ to }, body).to).toEqual(
      JSON.parse(JSON.stringify(to).replace('{{ user.id }}', '42').replace('{{ contract.id }}', '7')),
    );
  });

  it('is sent later with a delay, counted from the event', () => {
    const step = stepOf(trigger({}, { delay: 'PT1H' }), event(body));
    expect(step).toMatchObject({
      ready: { trigger: { sendAt: new Date(at.getTime() + 3_600_000).toISOString() } },
    });
  });

  it('is sent at once where the delay has passed when the event comes', () => {
    const old = event(body, { at: new Date(Date.now() - 7_200_000) });
    const step = stepOf(trigger({}, { delay: 'PT1H' }), old);
    expect(
      step && 'ready' in step && step.ready.do === 'trigger' && step.ready.trigger.sendAt,
    ).toBeUndefined();
  });

  it('has the same idempotency key for the same event, and another for each step and event', () => {
    const key = (given: Record<string, unknown>, of: InboundEvent) =>
      ask([rule(given)], of)[0]?.steps.map((step) =>
        'ready' in step && step.ready.do === 'trigger' ? step.ready.key.text : undefined,
      );
    const { then } = trigger({});
    const chain = { then: { do: 'chain', steps: [then, then] } };
    const [first, second] = key(chain, event(body)) ?? [];
    expect(key(chain, event(body))).toEqual([first, second]);
    expect(first).not.toBe(second);
    expect(key(chain, event(body, { id: 'evt_2' }))).not.toContain(first);
    expect(key(trigger({ idempotencyKey: 'c-{{ contract.id }}' }), event(body))).toEqual(['c-7']);
  });

  it.each<[string, object, string]>([
    ['the recipient is missing', { to: { recipient: '{{ nobody }}' } }, 'then.notification.to'],
    [
      'an address is none',
      { to: { recipient: { email: '{{ user.name }}' } } },
      'then.notification.to.recipient.email',
    ],
    ['a link is none', { actionUrl: 'javascript:{{ user.name }}' }, 'then.notification.actionUrl'],
    [
      'an expression fails',
      { data: { x: '{{ total | divided_by: 0 | nothing }}' } },
      'then.notification.data.x',
    ],
    ['the data are too large', { data: { x: '{{ big }}' } }, 'then.notification.data'],
  ])('says the place where %s', (_name, notification, path) => {
    const step = stepOf(trigger(notification), event({ ...body, big: 'x'.repeat(70_000) }));
    expect(step && 'errors' in step && step.errors[0]?.path).toBe(path);
  });
});

describe('what a rule does', () => {
  const body = { order: 'o-1', due: '2030-01-01T00:00:00Z', doc: { id: 9 }, user: 'u-2' };
  it.each<[string, object, object]>([
    ['cancel', { do: 'cancel', key: 'order-{{ order }}' }, { do: 'cancel', key: 'order-o-1' }],
    ['acknowledge', { do: 'acknowledge', key: '{{ order }}' }, { do: 'acknowledge', key: 'o-1' }],
    [
      'moveReminder',
      { do: 'moveReminder', key: '{{ order }}', dueAt: '{{ due }}' },
      { do: 'moveReminder', key: 'o-1', dueAt: '2030-01-01T00:00:00Z' },
    ],
    [
      'completeReminder',
      { do: 'completeReminder', key: '{{ doc.id }}' },
      { do: 'completeReminder', key: '9' },
    ],
    [
      'withdrawReminder',
      { do: 'withdrawReminder', key: '{{ order }}' },
      { do: 'withdrawReminder', key: 'o-1' },
    ],
    [
      'withdrawRelated for one',
      { do: 'withdrawRelated', related: { type: 'doc', id: '{{ doc.id }}' }, recipient: '{{ user }}' },
      { do: 'withdrawRelated', related: { type: 'doc', id: '9' }, recipient: 'u-2' },
    ],
    [
      'withdrawRelated for all',
      { do: 'withdrawRelated', related: { type: 'doc', id: '{{ doc.id }}' } },
      { do: 'withdrawRelated', related: { type: 'doc', id: '9' } },
    ],
  ])('%s', (_name, then, ready) => {
    expect(stepOf({ then }, event(body))).toMatchObject({ ready });
  });

  it('makes a reminder that is not there, where it says what of', () => {
    const notification = { type: 'contract_expiring', to: { recipient: '{{ user }}' } };
    const then = { do: 'moveReminder', key: 'k', dueAt: '{{ due }}', offsets: ['P7D'], notification };
    expect(stepOf({ then }, event(body))).toMatchObject({
      ready: { made: { offsets: ['P7D'], notification: { to: { recipient: 'u-2' } } } },
    });
  });

  it('withdraws nobody’s where the recipient that it names is missing', () => {
    const then = {
      do: 'withdrawRelated',
      related: { type: 'doc', id: '{{ doc.id }}' },
      recipient: '{{ nobody }}',
    };
    expect(stepOf({ then }, event(body))).toMatchObject({ errors: [{ path: 'then.recipient' }] });
  });
});

describe('rules', () => {
  const { then } = trigger({});
  const named = (name: string, more: object = {}) => ({ ...rule({ then, ...more }), name });

  it('are asked in their order, each for its sources, until one stops', () => {
    const rules = [
      named('off', { enabled: false }),
      named('elsewhere', { sources: ['invoices'] }),
      named('first', { stop: true }),
      named('second'),
    ];
    expect(ask(rules, event({})).map(({ because }) => because)).toEqual([
      'it is switched off',
      'it is for invoices',
      undefined,
      'the rule "first" stops here',
    ]);
  });

  it('of the tenant go before the built-in ones, which it may switch off', () => {
    const own = { rule: named('mine'), createdAt: at, updatedAt: at };
    const all = inOrder({ own: [own], switched: new Map([['builtin_reward_issued', false]]) });
    expect(all.map(({ name, enabled }) => [name, enabled])).toEqual([
      ['mine', true],
      [builtInRules[0]?.name, false],
    ]);
  });

  it('send an employee’s reward by SMS to the number in the event', () => {
    const [decision] = ask(
      [...builtInRules],
      event(
        {
          event_type: 'reward_issued',
          employee_details: { phone: '+33612345678', name: 'Carla' },
          value: 50,
        },
        { source: 'hr-events' },
      ),
    );
    expect(decision?.steps).toMatchObject([
      {
        ready: {
          trigger: {
            type: 'reward_issued',
            to: { recipient: { phone: '+33612345678' } },
            channels: ['sms'],
            data: { employee: { name: 'Carla' }, value: 50 },
          },
        },
      },
    ]);
  });
});
