import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CarillonClient } from '../../web/client/carillon-client.js';
import { CarillonError } from '../../web/client/carillon-error.js';
import { InboxServer } from '../support/inbox-server.js';

const server = new InboxServer();
beforeAll(() => server.start());
afterAll(() => server.stop());
beforeEach(() => {
  server.asked.length = 0;
});

const client = () => new CarillonClient({ url: server.url, token: 'token-1' });
const failure = async (call: Promise<unknown>): Promise<CarillonError> => {
  const error: unknown = await call.then(
    () => expect.fail('it succeeded'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CarillonError);
  return error as CarillonError;
};

describe('a call', () => {
  it('carries the token as a header, and never in its address', async () => {
    await client().inbox({ filter: 'unread', q: 'a b&c', limit: 5 });
    expect(server.asked).toEqual([
      { method: 'GET', url: '/v1/me/inbox?filter=unread&q=a+b%26c&limit=5', token: 'token-1' },
    ]);
  });

  it('answers what the API says, and nothing where that says nothing', async () => {
    server.add({ id: 'a/1', title: 'Hello' });
    expect(await client().item('a/1')).toMatchObject({ id: 'a/1', title: 'Hello' });
    expect(await client().remove('a/1')).toBeUndefined();
  });

  it('takes an address with a path and a slash at the end', async () => {
    const behindPath = new CarillonClient({ url: `${server.url}/notify/`, token: 'token-1' });
    server.plan({ status: 200, body: server.counts() });
    await behindPath.counts();
    expect(server.asked[0]?.url).toBe('/notify/v1/me/inbox/counts');
  });
});

describe('an error', () => {
  it('carries the code, the path and the request’s ID of the API’s answer', async () => {
    const errors = [{ path: 'until', message: 'is in the past' }];
    server.plan({
      status: 400,
      body: { code: 'validation_failed', detail: 'until: is in the past', errors },
    });
    expect(await failure(client().snooze('a', new Date(0)))).toMatchObject({
      name: 'CarillonError',
      message: 'until: is in the past',
      code: 'validation_failed',
      status: 400,
      path: 'until',
      errors,
      requestId: 'r-1',
      retryAfterMs: undefined,
    });
  });

  it('of a read that may succeed soon is not seen: the read is made again then', async () => {
    server.plan({
      status: 429,
      body: { code: 'rate_limited', detail: 'slowly' },
      headers: { 'retry-after': '1' },
    });
    const begunMs = Date.now();
    expect(await client().counts()).toMatchObject({ capped: false });
    expect(Date.now() - begunMs).toBeGreaterThanOrEqual(990);
    expect(server.asked).toHaveLength(2);
  });

  it('says after how long a change, or a read much later, may succeed', async () => {
    const slowly = { status: 429, body: { code: 'rate_limited', detail: 'slowly' } };
    server.plan(
      { ...slowly, headers: { 'retry-after': '2' } },
      { ...slowly, headers: { 'retry-after': '60' } },
    );
    expect(await failure(client().readAll())).toMatchObject({ code: 'rate_limited', retryAfterMs: 2_000 });
    expect(await failure(client().counts())).toMatchObject({ status: 429, retryAfterMs: 60_000 });
    expect(server.asked).toHaveLength(2);
  });

  it('is one of the API’s kind where something in between answered', async () => {
    server.plan({ status: 502 });
    expect(await failure(client().counts())).toMatchObject({ code: 'unavailable', status: 502 });
  });

  it('says that nothing answered', async () => {
    const nowhere = new CarillonClient({ url: 'http://127.0.0.1:1', token: 'token-1' });
    expect(await failure(nowhere.counts())).toMatchObject({ code: 'unreachable', status: 0 });
  });
});

describe('a token', () => {
  const asking = (...tokens: string[]) => {
    const asked: number[] = [];
    const token = () => {
      asked.push(asked.length);
      return Promise.resolve(tokens[asked.length - 1] ?? tokens.at(-1) ?? '');
    };
    return { asked, client: new CarillonClient({ url: server.url, token }) };
  };

  it('is asked for once, and again when it was refused', async () => {
    const { asked, client: caller } = asking('expired', 'token-1');
    await Promise.all([caller.counts(), caller.inbox()]);
    await caller.counts();
    expect(asked).toHaveLength(2);
    expect(server.asked.map(({ token }) => token)).toEqual([
      'expired',
      'expired',
      'token-1',
      'token-1',
      'token-1',
    ]);
  });

  it('that is refused again, or the same, is the caller’s to know', async () => {
    expect(await failure(asking('expired', 'expired-too').client.counts())).toMatchObject({ status: 401 });
    const same = asking('expired');
    expect(await failure(same.client.counts())).toMatchObject({ code: 'unauthenticated' });
    expect(same.asked).toHaveLength(2);
  });

  it('that is not a function’s is not asked for again', async () => {
    const fixed = new CarillonClient({ url: server.url, token: 'expired' });
    expect(await failure(fixed.counts())).toMatchObject({ code: 'unauthenticated', status: 401 });
    expect(server.asked).toHaveLength(1);
  });

  it('that cannot be got is an error, and asked for again by the next call', async () => {
    let isOut = true;
    const token = () => (isOut ? Promise.reject(new Error('signed out')) : 'token-1');
    const caller = new CarillonClient({ url: server.url, token });
    expect(await failure(caller.counts())).toMatchObject({ code: 'unreachable', message: 'signed out' });
    isOut = false;
    expect(await caller.counts()).toMatchObject({ capped: false });
  });

  it('that is empty means that there is none', async () => {
    const nobody = new CarillonClient({ url: server.url, token: () => '' });
    expect(await failure(nobody.counts())).toMatchObject({ code: 'unauthenticated', status: 0 });
    expect(server.asked).toHaveLength(0);
  });
});
