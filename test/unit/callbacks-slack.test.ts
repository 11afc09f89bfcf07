import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Callback } from '../../contracts/feedback.js';
import { takeSlack } from '../../events/callbacks/slack.js';

const secret = randomBytes(16).toString('hex');
const nowMs = Date.UTC(2026, 2, 1);
const deliveryOf = (channel: string, token: string) =>
  channel === 'slack' && token === 'known' ? 'ntf_1-slack' : undefined;
const pressed = (value?: string) => ({
  type: 'block_actions',
  user: { id: 'U1' },
  actions: [{ type: 'button', action_id: 'open-0', block_id: 'b', value, action_ts: '1772323195.123400' }],
});

/** As https://docs.slack.dev/authentication/verifying-requests-from-slack writes it. */
function call(payload: unknown, { seconds = nowMs / 1000, key = secret, headers = {} } = {}): Callback {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const body = Buffer.from(new URLSearchParams({ payload: text }).toString());
  const signature = `v0=${createHmac('sha256', key).update(`v0:${seconds}:${body.toString()}`).digest('hex')}`;
  const sent: Record<string, string | undefined> = {
    'x-slack-request-timestamp': String(seconds),
    'x-slack-signature': signature,
    ...headers,
  };
  return { body, header: (name) => sent[name], url: '', nowMs };
}
const take = (callback: Callback) => takeSlack(callback, ['another', secret], deliveryOf);

describe('a press of a button in Slack', () => {
  it('is a click on the delivery that the button names', () => {
    expect(take(call(pressed('known')))).toEqual({
      ok: true,
      told: { feedback: [{ kind: 'clicked', deliveryId: 'ntf_1-slack', at: new Date(1772323195123.4) }] },
    });
  });

  it.each([
    ['an unknown value', pressed('forged')],
    ['no value', pressed()],
    ['another kind of interaction', { type: 'view_submission' }],
    ['no JSON', '{'],
    ['null', null],
  ])('tells nothing with %s', (_name, payload) => {
    expect(take(call(payload))).toEqual({ ok: true, told: { feedback: [] } });
  });

  it.each([
    ['another secret', call(pressed('known'), { key: 'x' })],
    ['a time six minutes ago', call(pressed('known'), { seconds: nowMs / 1000 - 360 })],
    ['a time six minutes ahead', call(pressed('known'), { seconds: nowMs / 1000 + 360 })],
    [
      'another time than was signed',
      call(pressed('known'), { headers: { 'x-slack-request-timestamp': String(nowMs / 1000 + 1) } }),
    ],
    ['a time that is none', call(pressed('known'), { headers: { 'x-slack-request-timestamp': '1e9' } })],
    ['no signature', call(pressed('known'), { headers: { 'x-slack-signature': undefined } })],
    ['a changed body', { ...call(pressed('known')), body: Buffer.from('payload=%7B%7D') }],
  ])('is refused with %s', (_name, forged) => {
    expect(take(forged)).toMatchObject({ ok: false });
  });
});
