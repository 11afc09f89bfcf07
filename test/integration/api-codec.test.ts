import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accept,
  approval,
  ended,
  keyOf,
  startChecked,
  tokenOf,
  type CheckedEngine,
} from '../unit/api-checked.js';

const uiOrigin = 'http://127.0.0.1:8233';
let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked({ env: { TEMPORAL_UI_URL: `${uiOrigin}/` } });
});
afterAll(() => engine.stop());

interface JsonPayload {
  metadata?: Record<string, string>;
  data?: string;
}
const text = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64').toString();
const json = (value: unknown): JsonPayload => ({
  metadata: { encoding: Buffer.from('json/plain').toString('base64') },
  data: Buffer.from(JSON.stringify(value)).toString('base64'),
});

/** As the Web UI calls: cross-origin, with the browser's cookie. */
function decodeFromUi(payloads: JsonPayload[], headers: Record<string, string>) {
  return fetch(`${engine.url}/codec/decode?preserveStorageRefs=true`, {
    method: 'POST',
    headers: { origin: uiOrigin, 'content-type': 'application/json', 'x-namespace': 'default', ...headers },
    body: JSON.stringify({ payloads }),
  });
}

function logIn(key: string) {
  return fetch(`${engine.url}/codec/login`, { method: 'POST', body: new URLSearchParams({ key }) });
}

async function cookie(): Promise<string> {
  const response = await logIn(engine.bootstrapKey);
  expect(response.status).toBe(200);
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

describe('the codec server', () => {
  it('decodes the history of a real run, which holds nothing readable', async () => {
    const id = await accept(engine, approval('u-codec'));
    await ended(engine, id);
    const history = await engine.client.workflow
      .getHandle(`notification/${engine.tenantId}/${id}`)
      .fetchHistory();
    const stored = history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    const sealed = stored.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(
        Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
      ),
      data: Buffer.from(data ?? []).toString('base64'),
    }));
    expect(sealed).toHaveLength(1);
    expect(text(sealed[0]?.metadata.encoding)).toBe('binary/encrypted');
    expect(text(sealed[0]?.data)).not.toContain('NDA with Acme');

    const decoded = await engine.call<{ payloads: JsonPayload[] }>('POST', '/codec/decode', {
      payloads: sealed,
    });
    expect(decoded.status).toBe(200);
    expect(text(decoded.body.payloads[0]?.metadata?.encoding)).toBe('json/plain');
    expect(text(decoded.body.payloads[0]?.data)).toContain('NDA with Acme');
  });

  it('encodes what is typed by hand, and decodes it again', async () => {
    const given = [json({ note: 'by hand' })];
    const encoded = await engine.call<{ payloads: JsonPayload[] }>('POST', '/codec/encode', {
      payloads: given,
    });
    expect(text(encoded.body.payloads[0]?.metadata?.encoding)).toBe('binary/encrypted');
    const decoded = await engine.call<{ payloads: JsonPayload[] }>('POST', '/codec/decode', encoded.body);
    expect(decoded.body.payloads).toEqual(given);
  });

  it('leaves alone what nobody sealed', async () => {
    const given = { payloads: [json('label'), {}] };
    const decoded = await engine.call<{ payloads: JsonPayload[] }>('POST', '/codec/decode', given);
    expect(decoded.body.payloads[0]).toEqual(given.payloads[0]);
  });

  it('refuses a payload that was tampered with, or sealed with an unknown key', async () => {
    const { body } = await engine.call<{ payloads: JsonPayload[] }>('POST', '/codec/encode', {
      payloads: [json({ a: 1 })],
    });
    const [sealed] = body.payloads;
    const bytes = Buffer.from(sealed?.data ?? '', 'base64');
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    const unknown = { ...sealed?.metadata, 'encryption-key-id': Buffer.from('k9').toString('base64') };
    for (const payload of [
      { ...sealed, data: bytes.toString('base64') },
      { ...sealed, metadata: unknown },
    ])
      expect((await engine.call('POST', '/codec/decode', { payloads: [payload] })).status).toBe(422);
  });

  it('is for operators only', async () => {
    const { key } = await keyOf(engine, ['admin']);
    const token = await tokenOf(engine, 'u-42');
    for (const path of ['/codec/encode', '/codec/decode']) {
      expect((await engine.call('POST', path, { payloads: [] }, { token: key })).status).toBe(403);
      expect((await engine.call('POST', path, { payloads: [] }, { token })).status).toBe(403);
      const nobody = { headers: { authorization: '' }, tenant: null };
      expect((await engine.call('POST', path, { payloads: [] }, nobody)).status).toBe(401);
    }
  });
});

describe('the Web UI', () => {
  it('may ask with credentials, and no other page may', async () => {
    const ask = (origin: string) =>
      fetch(`${engine.url}/codec/decode`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const asked = await ask(uiOrigin);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(uiOrigin);
    expect(asked.headers.get('access-control-allow-credentials')).toBe('true');
    expect(asked.headers.get('access-control-allow-headers')).toContain('X-Namespace');
    const other = await ask('http://127.0.0.1:8234');
    expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });

  it('decodes once the operator has logged in with the platform key', async () => {
    expect((await decodeFromUi([json(1)], {})).status).toBe(401);
    const response = await decodeFromUi([json(1)], { cookie: await cookie() });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe(uiOrigin);
    expect(await response.json()).toEqual({ payloads: [json(1)] });
  });

  it('keeps the session where no script and no other site gets at it', async () => {
    const response = await logIn(engine.bootstrapKey);
    const set = response.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/HttpOnly/);
    expect(set).toMatch(/SameSite=Strict/);
    expect(set).toMatch(/Path=\/codec/);
    expect(set + (await response.text())).not.toContain(engine.bootstrapKey);
  });

  it.each(['', 'ck_wrong_wrong_wrong_wrong_wrong'])('does not log in with %j', async (key) => {
    const response = await logIn(key);
    expect([response.status, response.headers.get('set-cookie')]).toEqual([401, null]);
  });

  it('does not log in with a tenant’s key', async () => {
    const { key } = await keyOf(engine, ['admin']);
    expect((await logIn(key)).status).toBe(401);
  });

  it('does nothing with a session from another page, a forged one, or for another route', async () => {
    const session = await cookie();
    expect((await decodeFromUi([], { cookie: session, origin: 'https://evil.example' })).status).toBe(401);
    expect((await decodeFromUi([], { cookie: `${session}x` })).status).toBe(401);
    expect((await decodeFromUi([], { cookie: 'carillon_codec=a.b.c' })).status).toBe(401);
    const elsewhere = await fetch(`${engine.url}/v1/tenants`, {
      headers: { cookie: session, origin: uiOrigin },
    });
    expect(elsewhere.status).toBe(401);
  });
});
