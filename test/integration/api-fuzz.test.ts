import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { preferences } from '../../contracts/preferences.js';
import { isFinal } from '../../contracts/statuses.js';
import { eventually } from '../support/engine.js';
import { howMany } from '../support/long-tests.js';
import { startChecked, tokenOf, type CheckedEngine, type Full } from '../unit/api-checked.js';

// The checked caller fails on any status that a route does not declare; these fail on 5xx besides.
let engine: CheckedEngine;
let token: string;
const accepted = new Set<string>();
beforeAll(async () => {
  // One person makes all the calls: more in a second than anybody may.
  engine = await startChecked();
  token = await tokenOf(engine, 'u-fuzz');
});
afterAll(() => engine.stop());

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '\ud800',
    '__proto__',
    '{{ x | y: 1 }}',
    '{% for a in (1..9) %}{{a}}{% endfor %}',
    '{%',
    '$where',
    'a.b',
  ),
);
const json = fc.oneof(fc.jsonValue(), text, fc.dictionary(text, fc.jsonValue()));

/** Nearly always what the field takes, sometimes anything. */
const mostly = <T>(right: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: right, weight: 40 }, { arbitrary: json, weight: 1 });
const aheadDays = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((days) => new Date(Date.now() + days * 86_400_000).toISOString());
const channel = fc.constantFrom('in_app', 'email', 'sms', 'push', 'slack', 'teams', 'webhook', 'whatsapp');
const link = fc.oneof(fc.webUrl(), fc.constantFrom('/a', '/b?c=d#e'));
const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map((any) => `x${any}x`);
/** Texts with placeholders of every kind that parse; what they make is the caller's business. */
const template = fc.oneof(
  id,
  fc.constantFrom(
    '{{ a }}',
    '{{ a.b | upcase }}',
    '{% for x in a %}{{ x }}{% endfor %}',
    '{{ recipient.id }}',
    '<b>{{ a }}',
  ),
);

const trigger = fc.record(
  {
    type: mostly(fc.constantFrom('approval_request', 'mention', 'system', 'contract_expiring')),
    to: mostly(
      fc.record({
        recipient: fc.oneof(
          id,
          fc.record({ id, email: fc.emailAddress(), locale: fc.constantFrom('en', 'fr', 'zz-ZZ') }),
          fc.record({ email: fc.emailAddress() }),
          fc.record({ phone: fc.constant('+33612345678') }),
          fc.record({ pushToken: id }),
        ),
      }),
    ),
    data: mostly(fc.dictionary(text, fc.jsonValue())),
    content: mostly(
      fc.record(
        {
          in_app: fc.record({ title: template, message: template }),
          email: fc.record({ subject: template, html: template, text: template }),
          webhook: fc.record({ body: fc.dictionary(text, template) }),
        },
        { requiredKeys: ['in_app'] },
      ),
    ),
    actor: mostly(id),
    related: mostly(fc.record({ type: id, id })),
    actionUrl: mostly(link),
    channels: mostly(fc.array(channel, { minLength: 1, maxLength: 3 })),
    sendAt: mostly(aheadDays(1, 365)),
    expiresAt: mostly(aheadDays(366, 9999)),
    priority: mostly(fc.constantFrom('critical', 'high', 'normal', 'low')),
    idempotencyKey: mostly(id),
    severity: mostly(fc.constantFrom('info', 'error')),
    category: mostly(fc.constantFrom('legal', 'x')),
    actions: mostly(fc.array(fc.record({ label: id, url: link }), { maxLength: 2 })),
  },
  { requiredKeys: ['type', 'to'] },
);

const window = fc.record({
  days: mostly(fc.subarray(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], { minLength: 1 })),
  start: mostly(fc.constantFrom('00:00', '07:00', '22:00')),
  end: mostly(fc.constantFrom('00:00', '07:00', '22:00')),
});
const switches = fc.dictionary(channel, fc.boolean());
const ruled = fc.oneof(
  { arbitrary: fc.constantFrom('legal', 'mention', 'constructor', 'then'), weight: 40 },
  { arbitrary: text, weight: 1 },
);
const cadences = mostly(fc.constantFrom('immediate', 'daily'));
const preferencesPatch = fc.record(
  {
    channels: mostly(fc.dictionary(channel, fc.option(fc.boolean()))),
    categories: mostly(fc.dictionary(ruled, fc.option(fc.oneof(fc.boolean(), switches)), { maxKeys: 3 })),
    types: mostly(
      fc.dictionary(ruled, fc.option(fc.oneof(switches, fc.record({ cadence: cadences }))), { maxKeys: 3 }),
    ),
    quietHours: mostly(
      fc.record({
        timezone: mostly(fc.constantFrom('Europe/Paris', 'UTC')),
        windows: fc.array(window, { maxLength: 3 }),
      }),
    ),
    digestAt: mostly(fc.constantFrom('00:00', '09:00')),
    mutedUntil: mostly(aheadDays(-400, 400)),
  },
  { requiredKeys: [] },
);

async function send(body: unknown): Promise<void> {
  const answer = await engine.call<{ id?: string }>('POST', '/v1/notifications', body);
  expect(answer.status, JSON.stringify(body)).toBeLessThan(500);
  if (answer.body.id !== undefined) accepted.add(answer.body.id);
}

it('never answers 5xx to any JSON as a trigger', async () => {
  await fc.assert(fc.asyncProperty(json, send), { numRuns: howMany({ short: 150, long: 1000 }) });
});

it('never answers 5xx to what is nearly a trigger', async () => {
  await fc.assert(fc.asyncProperty(trigger, send), { numRuns: howMany({ short: 100, long: 1000 }) });
});

it('never answers 5xx to any JSON as preferences, and stores only what can be read again', async () => {
  let stored = 0;
  const change = fc.asyncProperty(fc.oneof(json, preferencesPatch), async (body) => {
    const answer = await engine.call('PATCH', '/v1/me/preferences', body, { token });
    expect(answer.status, JSON.stringify(body)).toBeLessThan(500);
    if (answer.status === 200) stored += 1;
  });
  await fc.assert(change, { numRuns: howMany({ short: 150, long: 3000 }) });
  expect(stored).toBeGreaterThan(15);
  const { body } = await engine.call<object>('GET', '/v1/me/preferences', undefined, { token });
  const { effective: _effective, ...said } = body as { effective: unknown };
  expect(preferences.parse(said)).toEqual(said);
});

it('never answers 5xx to any query or ID', async () => {
  const lists = ['/v1/notifications', '/v1/deliveries', '/v1/subscribers', '/v1/me/inbox', '/v1/tenants'];
  const names = ['recipient', 'status', 'from', 'related', 'q', 'cursor', 'limit', 'limit[$gt]', 'filter'];
  const ask = fc.asyncProperty(
    fc.constantFrom(...lists),
    fc.dictionary(fc.oneof(fc.constantFrom(...names), text), text),
    text,
    async (path, query, id) => {
      const who = path.includes('/me/') ? { token } : {};
      const search = new URLSearchParams(query).toString();
      const listed = await engine.call('GET', `${path}?${search}`, undefined, who);
      const encoded = encodeURIComponent(id.replace(/\p{Surrogate}/gu, ''));
      const read = await engine.call('GET', `${path}/x${encoded}`, undefined, who);
      expect(
        [listed.status, read.status].filter((status) => status >= 500),
        `${path} ${search} ${encoded}`,
      ).toEqual([]);
    },
  );
  await fc.assert(ask, { numRuns: howMany({ short: 100, long: 1000 }) });
});

it('lets nothing that was accepted get stuck', async () => {
  expect(accepted.size).toBeGreaterThan(15);
  for (const id of accepted) {
    await eventually(
      `${id} planned`,
      () => engine.call<Full>('GET', `/v1/notifications/${id}`),
      ({ body }) => isFinal(body.status) || body.status === 'held',
    );
  }
});
