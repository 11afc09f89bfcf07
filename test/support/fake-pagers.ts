import { createHmac } from 'node:crypto';
import { startFakeHttp, type FakeAnswer, type FakeHttp, type FakeRequest } from './fake-http.js';

/** A double of the service that `docs/examples/pager.js` speaks to. */
export interface FakePagers extends Pick<FakeHttp, 'url' | 'behave' | 'close'> {
  key: string;
  /** What it took, by idempotency key. */
  pages: Map<string, Page>;
  /** What it sends of an event: the body, and the headers that prove it at this address. */
  event(callback: string, fields: object, key?: string): { body: string; headers: Record<string, string> };
}

interface Page {
  pager: string;
  title: string;
  text: string;
  link?: string;
  urgent: boolean;
  callback?: string;
}

export async function startFakePagers(): Promise<FakePagers> {
  const key = 'pagerworks-k3y-of-the-tenant';
  const pages: FakePagers['pages'] = new Map();
  const http = await startFakeHttp((request) => answer(request));

  function answer({ method, url, headers, body }: FakeRequest): FakeAnswer {
    if (headers.get('x-key') !== key) return { status: 401, body: `bad key ${headers.get('x-key')}` };
    if (method === 'GET' && url.pathname === '/me') return { body: '{}' };
    if (method !== 'POST' || url.pathname !== '/pages') return { status: 405 };
    const page = JSON.parse(body) as Page;
    const repetition = headers.get('idempotency-key');
    if (repetition === null || page.title === '' || page.text === '') return { status: 400 };
    if (!/^p-\d{4,}$/.test(page.pager)) return { status: 404, body: `no pager ${page.pager}` };
    pages.set(repetition, page);
    return { status: 202, body: JSON.stringify({ id: `page-${pages.size}` }) };
  }

  function event(callback: string, fields: object, signedBy = key) {
    const body = JSON.stringify({ at: new Date().toISOString(), ...fields });
    const signature = createHmac('sha256', signedBy).update(callback).update(body).digest('hex');
    return { body, headers: { 'content-type': 'application/json', 'x-signature': signature } };
  }

  return { ...http, key, pages, event };
}
