import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import type { OutboundEvent } from '../../contracts/outbound-events.js';
import { postEvent, signedHeaders } from '../../events/outbound/post-event.js';
import type { WebhookEndpoint } from '../../models/webhook-endpoints.js';
import { guardedNetwork } from '../../runtime/guarded-network.js';

const open = guardedNetwork({ allowPrivate: true });
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const event: OutboundEvent = {
  id: 'evt_1',
  type: 'delivery.failed',
  at: '2026-12-04T08:00:00.000Z',
  tenantId: 'acme',
  sequence: 1,
  data: { id: 'ntf_1-email' },
};

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function receiver(listener: RequestListener): Promise<WebhookEndpoint> {
  server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return endpoint(
    `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/pathSECRET99?token=querySECRET`,
  );
}

function endpoint(url: string): WebhookEndpoint {
  const now = new Date();
  return {
    _id: 'acme/whe_1',
    tenantId: 'acme',
    id: 'whe_1',
    version: 1,
    url,
    headers: { 'X-Key': 'headerSECRET' },
    secrets: [{ secret }],
    events: ['*'],
    enabled: true,
    createdAt: now,
    updatedAt: now,
  };
}

const post = (to: WebhookEndpoint, { network = open, timeoutMs = 30_000 } = {}) =>
  postEvent(network, to, event, { timeoutMs });
/** So long do tests wait for what does not come. */
const soon = { timeoutMs: 300 };

describe('a receiver', () => {
  it('that never answers is left after a while', async () => {
    const outcome = await post(await receiver(() => undefined), soon);
    expect(outcome).toMatchObject({ delivered: false, response: 'no answer within 0.3 seconds' });
    expect(outcome.durationMs).toBeLessThan(5_000);
  });

  it('that streams for ever has taken it if it says so first', async () => {
    const to = await receiver((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'.repeat(1000)), 5);
      response.on('close', () => clearInterval(timer));
    });
    expect(await post(to)).toMatchObject({ delivered: true, status: 200 });
  }, 2_000);

  it('that streams a refusal for ever is listened to for a while only', async () => {
    const to = await receiver((_request, response) => {
      response.writeHead(500);
      const timer = setInterval(() => response.write('x'), 5);
      response.on('close', () => clearInterval(timer));
    });
    expect(await post(to, soon)).toMatchObject({ delivered: false });
  });

  it('that says much is listened to as far as 64 KiB', async () => {
    const to = await receiver((_request, response) => response.writeHead(500).end('x'.repeat(20_000_000)));
    const { response, status } = await post(to);
    expect(status).toBe(500);
    expect(response?.length).toBeLessThanOrEqual(500);
  });

  it('that redirects is not followed', async () => {
    let calls = 0;
    const to = await receiver((_request, response) => {
      calls += 1;
      response.writeHead(308, { location: '/elsewhere' }).end();
    });
    expect(await post(to)).toMatchObject({ delivered: false, response: 'redirects are not followed' });
    expect(calls).toBe(1);
  });

  it('that echoes secrets and addresses is not quoted', async () => {
    const to = await receiver((request, response) =>
      response
        .writeHead(400)
        .end(`ann@example.com ${request.url} ${String(request.headers['x-key'])} ${secret} pathSECRET99`),
    );
    const { response = '' } = await post(to);
    for (const word of ['ann@', 'pathSECRET99', 'querySECRET', 'headerSECRET', 'whsec_'])
      expect(response).not.toContain(word);
  });
});

describe('a URL that leads inside', () => {
  const guarded = guardedNetwork({
    allowPrivate: false,
    lookup: () => Promise.resolve([{ address: '10.0.0.1', family: 4 }]),
  });

  it.each([
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://localhost/',
    'https://rebound.example/',
    'https://[::ffff:10.0.0.1]/',
  ])('%s is not called', async (url) => {
    expect((await post(endpoint(url), { network: guarded })).response).toMatch(/^not sent: /);
  });
});

it('signs so that a receiver can tell a forgery, a replay from the past, and another body', () => {
  const body = JSON.stringify(event);
  const headers = signedHeaders(event.id, body, [secret]);
  const webhook = new Webhook(secret);
  expect(webhook.verify(body, headers)).toEqual(event);
  expect(() => webhook.verify(body.replace('acme', 'evil'), headers)).toThrow();
  expect(() => webhook.verify(body, { ...headers, 'webhook-id': 'evt_2' })).toThrow();
  const old = signedHeaders(event.id, body, [secret], new Date(Date.now() - 600_000));
  expect(() => webhook.verify(body, old)).toThrow(/too old/);
  const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
  expect(() => new Webhook(other).verify(body, headers)).toThrow();
});
