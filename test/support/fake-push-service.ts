import { createDecipheriv, createECDH, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { importJWK, jwtVerify } from 'jose';
import type { PushSubscription } from '../../contracts/devices.js';

/** A browser's subscription, and what the browser alone knows of it. */
export interface TestBrowser {
  subscription: PushSubscription;
  /** What a message decrypts to. */
  decrypt(body: Buffer): string;
}

export interface VapidKeys {
  subject: string;
  publicKey: string;
  privateKey: string;
}

export function testVapidKeys(): VapidKeys {
  const curve = createECDH('prime256v1');
  const publicKey = curve.generateKeys('base64url');
  const privateKey = curve.getPrivateKey().toString('hex').padStart(64, '0');
  return {
    subject: 'mailto:push@acme.example',
    publicKey,
    privateKey: Buffer.from(privateKey, 'hex').toString('base64url'),
  };
}

export interface PushBehaviour {
  status: number;
  headers?: Record<string, string>;
  text?: string;
}

/** What reached a browser. */
export interface PushedMessage {
  endpoint: string;
  headers: IncomingHttpHeaders;
  payload: Record<string, unknown>;
}

export interface FakePushService {
  /** Where it listens; the endpoints that it gives out name {@link PUSH_ORIGIN}. */
  url: string;
  readonly messages: PushedMessage[];
  readonly asked: number;
  /** Subscribes a browser for a sender's key. */
  subscribe(applicationServerKey: string): TestBrowser;
  /** How messages to an endpoint are answered from now on. Without arguments all is well again. */
  behave(endpoint?: string, behaviour?: PushBehaviour): void;
  close(): Promise<void>;
}

/** The service's public origin, which signatures must name. */
export const PUSH_ORIGIN = 'https://push.example';
const DAY_SECONDS = 86_400;

/** A push service (RFC 8030) with the browsers that it serves. Checks signatures (RFC 8292) and decrypts (RFC 8291). */
export async function startFakePushService(): Promise<FakePushService> {
  const subscribed = new Map<string, { browser: TestBrowser; key: string }>();
  const behaviours = new Map<string, PushBehaviour>();
  const messages: PushedMessage[] = [];
  let asked = 0;

  const server = createServer((request, response) => {
    const answer = (status: number, text = '', headers: Record<string, string> = {}) =>
      void response.writeHead(status, headers).end(text);
    void handle().catch((error: unknown) => answer(500, String(error)));

    async function handle(): Promise<void> {
      asked += 1;
      const body = await bytesOf(request);
      const endpoint = `${PUSH_ORIGIN}${request.url ?? ''}`;
      const behaviour = behaviours.get(endpoint);
      if (behaviour) return answer(behaviour.status, behaviour.text, behaviour.headers);
      const found = subscribed.get(endpoint);
      if (!found) return answer(410, 'push subscription has unsubscribed or expired');
      const wrong = wrongHeader(request.headers);
      if (wrong !== undefined) return answer(400, wrong);
      if (body.length > 4096) return answer(413, 'payload too large');
      const refused = await refusalOf(request.headers.authorization ?? '', found.key);
      if (refused !== undefined) return answer(403, refused);
      const payload = JSON.parse(found.browser.decrypt(body)) as Record<string, unknown>;
      messages.push({ endpoint, headers: request.headers, payload });
      answer(201, '', { location: `${PUSH_ORIGIN}/message/${randomUUID()}` });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    get asked() {
      return asked;
    },
    subscribe(key) {
      const browser = newBrowser(`${PUSH_ORIGIN}/send/${randomUUID()}`);
      subscribed.set(browser.subscription.endpoint, { browser, key });
      return browser;
    },
    behave(endpoint, behaviour) {
      if (endpoint === undefined) behaviours.clear();
      else if (behaviour === undefined) behaviours.delete(endpoint);
      else behaviours.set(endpoint, behaviour);
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function newBrowser(endpoint: string): TestBrowser {
  const curve = createECDH('prime256v1');
  const p256dh = curve.generateKeys();
  const auth = randomBytes(16);
  return {
    subscription: {
      endpoint,
      expirationTime: null,
      keys: { p256dh: p256dh.toString('base64url'), auth: auth.toString('base64url') },
    },
    /** RFC 8291 section 3.4 over RFC 8188 section 2. */
    decrypt(body) {
      const salt = body.subarray(0, 16);
      const keyLength = body.readUInt8(20);
      const senderKey = body.subarray(21, 21 + keyLength);
      const sealed = body.subarray(21 + keyLength);
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), p256dh, senderKey]);
      const ikm = Buffer.from(hkdfSync('sha256', curve.computeSecret(senderKey), auth, info, 32));
      const derive = (label: string, length: number) =>
        Buffer.from(hkdfSync('sha256', ikm, salt, `Content-Encoding: ${label}\0`, length));
      const cipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12));
      cipher.setAuthTag(sealed.subarray(-16));
      const padded = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
      // The last record ends with the delimiter 2 and padding.
      return padded.subarray(0, padded.lastIndexOf(2)).toString();
    },
  };
}

function wrongHeader(headers: IncomingHttpHeaders): string | undefined {
  if (!/^\d+$/.test(String(headers.ttl ?? ''))) return 'missing TTL';
  if (headers['content-encoding'] !== 'aes128gcm') return 'unknown content encoding';
  const { topic, urgency = 'normal' } = headers;
  if (topic !== undefined && !/^[A-Za-z0-9_-]{1,32}$/.test(String(topic))) return 'bad topic';
  return /^(very-low|low|normal|high)$/.test(String(urgency)) ? undefined : 'bad urgency';
}

/** RFC 8292 section 4.2: the key signed it, for this service, for a day at most, and the browser subscribed with it. */
async function refusalOf(authorization: string, subscribedWith: string): Promise<string | undefined> {
  const [token, key] = /^vapid t=(\S+), ?k=(\S+)$/.exec(authorization)?.slice(1) ?? [];
  if (token === undefined || key === undefined) return 'no VAPID signature';
  if (key !== subscribedWith) return 'the key is not the one of the subscription';
  const point = Buffer.from(key, 'base64url');
  const x = point.subarray(1, 33).toString('base64url');
  const y = point.subarray(33).toString('base64url');
  try {
    const publicKey = await importJWK({ kty: 'EC', crv: 'P-256', x, y }, 'ES256');
    const { payload } = await jwtVerify(token, publicKey, { algorithms: ['ES256'], audience: PUSH_ORIGIN });
    if ((payload.exp ?? Infinity) > Date.now() / 1000 + DAY_SECONDS)
      return 'the signature lasts longer than a day';
    return /^(mailto:|https:)/.test(payload.sub ?? '') ? undefined : 'no subject';
  } catch {
    return 'the signature is not valid';
  }
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
