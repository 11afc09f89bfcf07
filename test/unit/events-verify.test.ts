import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { eventSourcePut, verification, type Verification } from '../../contracts/event-sources.js';
import { eventIdOf, ownIdOf, ownTimeOf } from '../../events/inbound/event-id.js';
import { readBody } from '../../events/inbound/read-body.js';
import { verifyRequest } from '../../events/inbound/verify.js';

const nowMs = Date.parse('2026-06-01T12:00:00Z');
const seconds = (ahead = 0) => String(nowMs / 1000 + ahead);
const secret = 'a secret of 16 and more';
const body = Buffer.from('{"a":1}');

function verify(
  given: object,
  headers: Record<string, string>,
  { secrets = [secret], bytes = body }: { secrets?: string[]; bytes?: Buffer } = {},
) {
  const parsed: Verification = verification.parse(given);
  return verifyRequest(
    parsed,
    secrets,
    { body: bytes, header: (name) => headers[name.toLowerCase()] },
    nowMs,
  );
}
const hex = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex');

describe('a signature with a time', () => {
  const sign = (time: string, key = secret) => ({
    'x-signature': `t=${time},v1=${hex(key, `${time}.{"a":1}`)}`,
  });
  it.each<[string, Record<string, string>, boolean]>([
    ['is right', sign(seconds()), true],
    ['is of an hour ago', sign(seconds(-3600)), false],
    ['is of the future', sign(seconds(3600)), false],
    ['is within the tolerance', sign(seconds(-299)), true],
    ['is of another secret', sign(seconds(), 'another secret of any length'), false],
    [
      'has another time than was signed',
      { 'x-signature': sign(seconds())['x-signature'].replace(/t=\d+/, `t=${seconds(1)}`) },
      false,
    ],
    ['is missing', {}, false],
    ['is empty', { 'x-signature': '' }, false],
    ['has no time', { 'x-signature': `v1=${hex(secret, '{"a":1}')}` }, false],
    ['has a time that is none', sign('soon'), false],
  ])('that %s', (_name, headers, ok) => {
    expect(verify({ kind: 'hmac' }, headers).ok).toBe(ok);
  });

  it('is refused for another body', () => {
    expect(verify({ kind: 'hmac' }, sign(seconds()), { bytes: Buffer.from('{"a":2}') }).ok).toBe(false);
  });

  it('may stand in headers of its own, with a prefix, in base64', () => {
    const settings = {
      kind: 'hmac',
      header: 'X-App-Sig',
      timestampHeader: 'X-App-Time',
      prefix: 'sha256=',
      encoding: 'base64',
    };
    const mac = createHmac('sha256', secret).update(`${seconds()}.{"a":1}`).digest('base64');
    expect(verify(settings, { 'x-app-sig': `sha256=${mac}`, 'x-app-time': seconds() }).ok).toBe(true);
    expect(verify(settings, { 'x-app-sig': mac, 'x-app-time': seconds() }).ok).toBe(false);
    expect(verify(settings, { 'x-app-sig': `sha256=${mac}` }).ok).toBe(false);
  });

  it('is good by any of several secrets', () => {
    expect(verify({ kind: 'hmac' }, sign(seconds()), { secrets: ['another one here', secret] }).ok).toBe(
      true,
    );
  });

  it('is known by what was signed', () => {
    const known = (headers: Record<string, string>) => {
      const verified = verify({ kind: 'hmac' }, headers);
      return verified.ok ? verified.known : undefined;
    };
    expect(known(sign(seconds()))).toBe(known(sign(seconds())));
    expect(known(sign(seconds()))).not.toBe(known(sign(seconds(1))));
  });
});

describe('Standard Webhooks', () => {
  const key = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
  const sign = (id: string, ahead = 0) => ({
    'webhook-id': id,
    'webhook-timestamp': seconds(ahead),
    'webhook-signature': new Webhook(key).sign(id, new Date(nowMs + ahead * 1000), '{"a":1}'),
  });
  // The library looks at the clock itself.
  const atRealTime = (ahead: number) => {
    const id = 'msg_1';
    const date = new Date(Math.floor(Date.now() / 1000) * 1000 + ahead * 1000);
    const headers: Record<string, string> = {
      'webhook-id': id,
      'webhook-timestamp': String(date.getTime() / 1000),
      'webhook-signature': new Webhook(key).sign(id, date, '{"a":1}'),
    };
    return { headers, id };
  };

  it('is known by its ID', () => {
    const { headers, id } = atRealTime(0);
    const given = { body, header: (name: string) => headers[name] };
    const settings = verification.parse({ kind: 'standard-webhooks' });
    expect(verifyRequest(settings, [key], given, Date.now())).toEqual({ ok: true, known: id });
  });

  it.each<[string, Record<string, string>]>([
    ['of another ID', { ...sign('msg_1'), 'webhook-id': 'msg_2' }],
    ['of yesterday', sign('msg_1', -86_400)],
    ['without a signature', { 'webhook-id': 'msg_1', 'webhook-timestamp': seconds() }],
    ['of another version', { ...sign('msg_1'), 'webhook-signature': 'v2,abc' }],
    ['that is cut off', { ...sign('msg_1'), 'webhook-signature': 'v1' }],
  ])('refuses one %s', (_name, headers) => {
    expect(verify({ kind: 'standard-webhooks' }, headers, { secrets: [key] }).ok).toBe(false);
  });
});

describe('GitHub’s way, a bearer token, and nothing', () => {
  it('takes a body with its signature, and knows it by the body', () => {
    const headers = { 'x-hub-signature-256': `sha256=${hex(secret, '{"a":1}')}` };
    const one = verify({ kind: 'github' }, headers);
    const again = verify({ kind: 'github' }, { ...headers, 'x-github-delivery': 'another' });
    expect(one).toMatchObject({ ok: true });
    expect(again).toEqual(one);
    expect(verify({ kind: 'github' }, { 'x-hub-signature-256': 'sha256=00' }).ok).toBe(false);
    expect(verify({ kind: 'github' }, {}).ok).toBe(false);
  });

  it('takes the token and no other', () => {
    const token = (text: string) =>
      verify({ kind: 'bearer' }, { authorization: text }, { secrets: ['t-0123456789abcdef'] }).ok;
    expect(token('Bearer t-0123456789abcdef')).toBe(true);
    expect(token('bearer t-0123456789abcdef')).toBe(true);
    expect(token('Bearer t-0123456789abcdeg')).toBe(false);
    expect(token('t-0123456789abcdef')).toBe(false);
  });

  it('takes everything where nothing is verified', () => {
    expect(verify({ kind: 'none' }, {}, { secrets: [] }).ok).toBe(true);
  });
});

describe('a source', () => {
  it.each<[string, object, string]>([
    ['a short secret', { verification: { kind: 'hmac' }, secret: 'short' }, 'secret'],
    ['a secret for nothing', { verification: { kind: 'none' }, secret }, 'secret'],
    ['a token like our keys', { verification: { kind: 'bearer' }, secret: 'ck_0123456789abcdef' }, 'secret'],
    ['no base64', { verification: { kind: 'standard-webhooks' }, secret: 'not base64 at all!' }, 'secret'],
    ['an unknown way', { verification: { kind: 'trust' } }, 'verification.kind'],
  ])('is refused with %s', (_name, given, path) => {
    const paths = eventSourcePut.safeParse(given).error?.issues.map((issue) => issue.path.join('.'));
    expect(paths).toEqual([path]);
  });
});

describe('what an event is known by', () => {
  it.each<[string, Record<string, unknown>, string | null, string | undefined]>([
    ['event_id', { event_id: 'e-1', id: 'order-1' }, null, 'e-1'],
    ['eventId, a number', { eventId: 12 }, null, '12'],
    ['the id of CloudEvents', { specversion: '1.0', type: 't', id: 'c-1' }, null, 'c-1'],
    ['the id of an envelope', { id: 'evt_9', type: 't', data: {} }, null, 'evt_9'],
    ['not the id of a thing', { id: 'order-1', event_type: 't' }, null, undefined],
    ['the field that is named', { meta: { uid: 'u' }, event_id: 'e' }, 'meta.uid', 'u'],
    ['nothing where that is missing', { event_id: 'e' }, 'meta.uid', undefined],
  ])('%s', (_name, given, field, known) => {
    expect(ownIdOf(given, field)).toBe(known);
  });

  it('is another in each tenant and source', () => {
    const ids = [
      eventIdOf({ tenantId: 'a', source: 's' }, '1'),
      eventIdOf({ tenantId: 'b', source: 's' }, '1'),
      eventIdOf({ tenantId: 'a', source: 't' }, '1'),
    ];
    expect(new Set(ids).size).toBe(3);
    expect(eventIdOf({ tenantId: 'a', source: 's' }, '1')).toBe(ids[0]);
  });
});

describe('when an event happened', () => {
  it.each<[string, Record<string, unknown>, string | undefined]>([
    ['ISO 8601', { timestamp: '2026-01-02T03:04:05Z' }, '2026-01-02T03:04:05.000Z'],
    ['seconds', { occurred_at: 1_700_000_000 }, '2023-11-14T22:13:20.000Z'],
    ['milliseconds', { occurredAt: 1_700_000_000_000 }, '2023-11-14T22:13:20.000Z'],
    [
      'the time of CloudEvents',
      { specversion: '1.0', time: '2026-01-02T03:04:05Z' },
      '2026-01-02T03:04:05.000Z',
    ],
    ['another field called time', { time: '2026-01-02T03:04:05Z' }, undefined],
    ['what is no time', { timestamp: 'soon' }, undefined],
    ['what no Date can hold', { timestamp: 1e300 }, undefined],
  ])('%s', (_name, given, iso) => {
    expect(ownTimeOf(given)?.toISOString()).toBe(iso);
  });
});

it.each<[string, Buffer, string]>([
  ['nothing', Buffer.alloc(0), 'not_json'],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not_json'],
  ['a list', Buffer.from('[]'), 'not_an_object'],
  ['null', Buffer.from('null'), 'not_an_object'],
  ['more than 1 MiB', Buffer.from(JSON.stringify({ x: 'x'.repeat(1_048_577) })), 'too_large'],
  ['too many levels', Buffer.from(`{"a":${'['.repeat(40)}${']'.repeat(40)}}`), 'too_deep'],
])('an event of %s is refused', (_name, bytes, refusal) => {
  expect(readBody(bytes)).toMatchObject({ refusal });
});
