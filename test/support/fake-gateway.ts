import { startFakeHttp, type FakeAnswer, type FakeHttp, type FakeRequest } from './fake-http.js';

/** A double of the gateway that `docs/examples/sms-gateway.js` speaks to. */
export interface FakeGateway extends Pick<FakeHttp, 'url' | 'behave' | 'close'> {
  token: string;
  /** What it took, each key once. */
  taken: { to: string; from: string; text: string; key: string }[];
}

export async function startFakeGateway(): Promise<FakeGateway> {
  const token = 'gateway-t0ken-of-the-tenant';
  const taken = new Map<string, FakeGateway['taken'][number]>();
  const http = await startFakeHttp((request) => answer(request));

  function answer({ method, url, headers, body }: FakeRequest): FakeAnswer {
    if (headers.get('authorization') !== `Bearer ${token}`)
      return { status: 401, body: `bad token ${headers.get('authorization')}` };
    if (method === 'GET' && url.pathname === '/account') return { body: '{}' };
    if (method !== 'POST' || url.pathname !== '/messages') return { status: 404 };
    const given = JSON.parse(body) as FakeGateway['taken'][number];
    const fields = Object.keys(given).sort().join();
    if (fields !== 'from,key,text,to' || given.text === '') return { status: 400, body: 'what is this?' };
    if (!/^\+[1-9]\d{6,14}$/.test(given.to)) return { status: 422, body: `no such number: ${given.to}` };
    taken.set(given.key, given);
    return { status: 201, body: JSON.stringify({ id: `m-${taken.size}` }) };
  }

  return {
    ...http,
    token,
    get taken() {
      return [...taken.values()];
    },
  };
}
