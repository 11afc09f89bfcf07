import { describe, expect, it } from 'vitest';
import { callFailure, httpFailure, readAnswer, reasonOfStatus } from '../../channels/http-failure.js';
import { retryAfterMs } from '../../channels/retry-after.js';
import { AddressNotAllowedError } from '../../contracts/network.js';

const quiet = { signal: new AbortController().signal };

describe('a status', () => {
  it.each([
    [301, 'invalid_recipient'],
    [308, 'invalid_recipient'],
    [400, 'content_error'],
    [401, 'auth_error'],
    [403, 'auth_error'],
    [404, 'invalid_recipient'],
    [405, 'invalid_recipient'],
    [408, 'provider_error'],
    [409, 'provider_error'],
    [410, 'invalid_recipient'],
    [413, 'content_error'],
    [418, 'content_error'],
    [422, 'content_error'],
    [425, 'provider_error'],
    [429, 'rate_limited'],
    [500, 'provider_error'],
    [503, 'provider_error'],
    [599, 'provider_error'],
  ] as const)('%d means %s', (status, reason) => {
    expect(reasonOfStatus(status)).toBe(reason);
  });

  it('of the server itself says that it is out of order, and no other does', () => {
    const down = (status: number) =>
      httpFailure({ status, headers: new Headers(), body: '' }, []).providerDown;
    expect([429, 499, 500, 503].map(down)).toEqual([false, false, true, true]);
  });

  it('of a redirect says that it is not followed, and not where to', () => {
    const headers = new Headers({ location: 'https://elsewhere.example/secret' });
    const failure = httpFailure({ status: 302, headers, body: 'go to elsewhere' }, []);
    expect(failure.providerResponse).toBe('302 redirects are not followed');
  });
});

describe('Retry-After', () => {
  const nowMs = Date.parse('2026-11-21T12:00:00Z');
  it.each([
    ['30', 30_000],
    [' 15 ', 15_000],
    ['0', 0],
    ['Sat, 21 Nov 2026 12:01:00 GMT', 60_000],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
    ['999999999', 86_400_000],
    ['soon', undefined],
    ['', undefined],
  ])('of "%s" is %s ms', (value, ms) => {
    expect(retryAfterMs(value, nowMs)).toBe(ms);
  });

  it('need not be there', () => {
    expect(retryAfterMs(null, nowMs)).toBeUndefined();
  });
});

describe('an answer', () => {
  it('is read to its cap and no further', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(10_000).fill(97));
      },
    });
    const { body } = await readAnswer(new Response(endless));
    expect(body.length).toBe(64 * 1024);
    expect(sent).toBeLessThan(12);
  });

  it('may be empty', async () => {
    expect(await readAnswer(new Response(null, { status: 204 }))).toMatchObject({ status: 204, body: '' });
  });
});

describe('a call without an answer', () => {
  it('keeps the code that lies under it, and none of its words', () => {
    const lookup = Object.assign(new Error('getaddrinfo ENOTFOUND secret.example'), { code: 'ENOTFOUND' });
    const failure = callFailure(new TypeError('fetch failed', { cause: lookup }), quiet);
    expect(failure).toMatchObject({
      reason: 'network_error',
      providerDown: true,
      providerResponse: 'ENOTFOUND',
      cause: new Error('ENOTFOUND'),
    });
  });

  it('says so where there is no code', () => {
    expect(callFailure(new TypeError('fetch failed'), quiet).providerResponse).toBe('the call failed');
  });

  it('is a wrong set-up where the address is forbidden, however deep that lies', () => {
    const forbidden = new TypeError('fetch failed', { cause: new AddressNotAllowedError('10.0.0.1') });
    expect(callFailure(forbidden, quiet)).toMatchObject({
      reason: 'auth_error',
      providerResponse: 'not sent: the address is not a public one',
    });
    expect(callFailure(forbidden, quiet, 'invalid_recipient').reason).toBe('invalid_recipient');
  });

  it('is no word about the provider where it was stopped from here', () => {
    const stopped = callFailure(new Error('aborted'), { signal: AbortSignal.abort() });
    expect(stopped).toMatchObject({ reason: 'network_error', providerDown: false });
    const late = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
    expect(callFailure(new Error('aborted'), { signal: late })).toMatchObject({
      reason: 'network_error',
      providerDown: true,
      providerResponse: 'no answer in time',
    });
  });
});
