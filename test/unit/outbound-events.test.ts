import { describe, expect, it } from 'vitest';
import { isWanted } from '../../contracts/outbound-events.js';
import { webhookCreate, webhookReplay } from '../../contracts/webhooks.js';
import { eventId } from '../../events/outbound/build-events.js';
import { eventsIn, sequenceOf } from '../../models/outbound-changes.js';
import { webhookWaitMs, webhookWaitsMs } from '../../workflows/retry-policies.js';

const at = new Date('2026-12-04T08:00:00Z');
const sentAt = new Date('2026-12-04T07:59:00Z');
const otherwise = new Date('2026-12-04T09:00:00Z');

describe('a change', () => {
  it.each([
    [{ status: 'held', updatedAt: at }, [['notification.held', at]]],
    [{ status: 'sending', updatedAt: at }, []],
    [{ readAt: at, updatedAt: otherwise }, [['notification.read', at]]],
    [
      { status: 'sent', updatedAt: at, plan: { sequence: 1, decidedAt: sentAt } },
      [
        ['notification.planned', sentAt],
        ['notification.sent', at],
      ],
    ],
    [{ status: 'failed' }, [['notification.failed', otherwise]]],
  ])('of a notification, %o, is told as it is', (marks, told) => {
    const events = eventsIn('notifications', marks, otherwise);
    expect(events.map((event) => [event.type, event.at])).toEqual(told);
  });

  it.each([
    [{ status: 'sent', sentAt, updatedAt: at }, [['delivery.sent', sentAt]]],
    [{ status: 'delivered', sentAt, deliveredAt: at, updatedAt: otherwise }, [['delivery.delivered', at]]],
    [{ status: 'retrying', updatedAt: at }, []],
    [{ status: 'parked', updatedAt: at }, [['delivery.parked', at]]],
    [
      { openedAt: sentAt, clickedAt: at },
      [
        ['delivery.opened', sentAt],
        ['delivery.clicked', at],
      ],
    ],
  ])('of a delivery, %o, is told as it is', (marks, told) => {
    const events = eventsIn('deliveries', marks, otherwise);
    expect(events.map((event) => [event.type, event.at])).toEqual(told);
  });

  it('of a provider is told when it goes down and when it answers again', () => {
    const of = (state: string) => eventsIn('providerHealth', { state, downSince: sentAt }, at);
    expect(of('down')).toEqual([{ type: 'provider.down', at: sentAt }]);
    expect(of('draining')).toEqual([{ type: 'provider.recovered', at }]);
    expect(of('failing')).toEqual([]);
  });

  it('has the same ID however often it is read, and another than any other', () => {
    const change = { rowId: 'acme/ntf_1', type: 'notification.sent', at } as const;
    expect(eventId(change)).toBe(eventId({ ...change }));
    const others = [
      { ...change, rowId: 'acme/ntf_2' },
      { ...change, rowId: 'other/ntf_1' },
      { ...change, type: 'notification.read' as const },
      { ...change, at: sentAt },
    ].map(eventId);
    expect(new Set([eventId(change), ...others]).size).toBe(5);
  });

  it('has a number that grows, and that JSON can hold', () => {
    const seconds = Date.parse('2037-12-31T00:00:00Z') / 1000;
    const numbers = [
      sequenceOf(seconds, 0, 0),
      sequenceOf(seconds, 0, 1),
      sequenceOf(seconds, 1, 0),
      sequenceOf(seconds, 900_000, 3),
      sequenceOf(seconds + 1, 0, 0),
    ];
    expect([...numbers].sort((a, b) => a - b)).toEqual(numbers);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(Number.isSafeInteger(numbers.at(-1))).toBe(true);
  });
});

describe('what an endpoint wants', () => {
  it.each([
    [['*'], 'delivery.sent', true],
    [['delivery.*'], 'delivery.sent', true],
    [['delivery.*'], 'notification.sent', false],
    [['notification.failed', 'provider.*'], 'provider.down', true],
    [['notification.failed'], 'notification.sent', false],
  ])('%j of %s: %s', (wanted, type, isIt) => expect(isWanted(wanted, type)).toBe(isIt));

  it.each(['', 'delivery', 'delivery.', '*.sent', 'delivery.nothing', 'webhook.test'])(
    'is not %o',
    (pattern) => {
      const given = { url: 'https://a.example/x', events: [pattern] };
      expect(webhookCreate.safeParse(given).error?.issues[0]?.path).toEqual(['events', 0]);
    },
  );
});

describe('an endpoint’s URL', () => {
  it.each([
    'http://a.example/x',
    'ftp://a.example',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://user:password@a.example/',
    'https://a.example/\r\nX-Injected: 1',
    'https://',
    '//a.example',
    `https://a.example/${'x'.repeat(2048)}`,
  ])('is not %o', (url) => expect(webhookCreate.safeParse({ url }).success).toBe(false));
});

describe('an endpoint’s headers', () => {
  const parsed = (headers: object) => webhookCreate.safeParse({ url: 'https://a.example/x', headers });

  it.each([
    { Host: 'b.example' },
    { 'Webhook-Signature': 'v1,x' },
    { 'content-length': '1' },
    { 'Transfer-Encoding': 'chunked' },
    { 'X Y': '1' },
    { 'X-Y': 'a\r\nX-Z: b' },
    { 'X-Y': 'é' },
    Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`x-${index}`, '1'])),
  ])('are not %o', (headers) => expect(parsed(headers).success).toBe(false));

  it('may hold a token', () => expect(parsed({ Authorization: 'Bearer abc' }).success).toBe(true));
});

describe('a replay', () => {
  it.each([
    {},
    { from: '2026-01-01T00:00:00Z' },
    { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' },
    { event: 'evt_1', from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' },
  ])('is not %o', (given) => expect(webhookReplay.safeParse(given).success).toBe(false));
});

describe('the waits between attempts', () => {
  it('are 5 s, 5 min, 30 min, 2 h, 5 h, then 10 h each, and end before three days are over', () => {
    const waits = Array.from({ length: 11 }, (_, index) => webhookWaitMs(index + 1, undefined, 0.5));
    expect(waits.slice(0, 7)).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 36_000].map((s) => s * 1000));
    expect(webhookWaitMs(12, undefined, 0.5)).toBeUndefined();
    const hours = webhookWaitsMs.reduce((sum, ms) => sum + ms, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(60);
    expect(hours * 1.1 + 10).toBeGreaterThan(72);
    expect(hours).toBeLessThan(72);
  });

  it('are no shorter than the receiver asks for, and no two alike', () => {
    expect(webhookWaitMs(1, 60_000, 0.5)).toBe(60_000);
    expect(webhookWaitMs(2, 60_000, 0.5)).toBe(300_000);
    expect([0, 1].map((random) => webhookWaitMs(1, undefined, random))).toEqual([4500, 5500]);
  });
});
