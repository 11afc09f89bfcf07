import { createPublicKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jwtVerify } from 'jose';

/** A service account whose key is made here, in the form of Google's file. */
export interface TestServiceAccount {
  type: 'service_account';
  project_id: string;
  private_key_id: string;
  private_key: string;
  client_email: string;
  client_id: string;
  auth_uri: string;
  token_uri: string;
  universe_domain: string;
}

export function testServiceAccount(projectId = 'acme-push'): TestServiceAccount {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    type: 'service_account',
    project_id: projectId,
    private_key_id: randomUUID().replaceAll('-', ''),
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    client_email: `sender@${projectId}.iam.gserviceaccount.com`,
    client_id: '1234567890',
    auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: 'https://oauth2.googleapis.com/token',
    universe_domain: 'googleapis.com',
  };
}

/** What FCM is told of one message, as it stands on the wire. */
export interface FcmWireMessage {
  token?: string;
  topic?: string;
  notification?: { title?: string; body?: string; image?: string };
  data?: Record<string, string>;
  android?: { priority?: string; ttl?: string; notification?: Record<string, unknown> };
  apns?: {
    headers?: Record<string, string>;
    payload?: { aps?: Record<string, unknown> };
    fcmOptions?: object;
  };
  webpush?: { headers?: Record<string, string>; notification?: object; fcmOptions?: { link?: string } };
}

/** An answer in place of the usual one; `hang` never answers, `cut` closes the connection. */
export type FcmBehaviour =
  | { status: number; errorCode?: string; message?: string; headers?: Record<string, string>; text?: string }
  | 'hang'
  | 'cut';

export interface FakeFcm {
  url: string;
  /** Messages taken, dry runs not. */
  readonly messages: FcmWireMessage[];
  /** Requests to send that came, whatever their answer. */
  readonly asked: number;
  readonly dryRuns: number;
  readonly tokensGranted: number;
  readonly connections: number;
  /** How a device's messages are answered from now on; `*` is every device. Without arguments all is well again. */
  behave(token?: string, behaviour?: FcmBehaviour): void;
  behaveAtToken(behaviour?: FcmBehaviour): void;
  /** Access tokens granted until now are refused. */
  revokeTokens(): void;
  close(): Promise<void>;
}

const MESSAGE_FIELDS = new Set([
  'token',
  'topic',
  'condition',
  'name',
  'data',
  'notification',
  'android',
  'apns',
  'webpush',
  'fcm_options',
]);
const AUDIENCE = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';

/** Google's token endpoint and FCM's HTTP v1 in one server, for one service account. Checks what Google checks. */
export async function startFakeFcm(account: TestServiceAccount): Promise<FakeFcm> {
  const publicKey = createPublicKey(account.private_key);
  const granted = new Set<string>();
  const behaviours = new Map<string, FcmBehaviour>();
  const messages: FcmWireMessage[] = [];
  const counts = { asked: 0, dryRuns: 0, tokens: 0, connections: 0 };
  let atToken: FcmBehaviour | undefined;

  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
    };
    const behaveAs = (behaviour: FcmBehaviour): void => {
      if (behaviour === 'hang') return;
      if (behaviour === 'cut') return void request.socket.destroy();
      const { status, errorCode, message = 'told so', headers, text } = behaviour;
      answer(status, text ?? fcmError(status, errorCode, message), headers);
    };
    void handle().catch((error: unknown) =>
      answer(500, { error: { status: 'INTERNAL', message: String(error) } }),
    );

    async function handle(): Promise<void> {
      const body = await textOf(request);
      if (request.method === 'POST' && request.url === '/token') {
        if (atToken) return behaveAs(atToken);
        if (request.headers.host !== new URL(url).host) return answer(400, { error: 'invalid_request' });
        const refused = await refusalOf(new URLSearchParams(body), account, publicKey);
        if (refused) return answer(400, { error: 'invalid_grant', error_description: refused });
        const token = `ya29.${randomUUID()}`;
        granted.add(token);
        counts.tokens += 1;
        return answer(200, { access_token: token, expires_in: 3599, token_type: 'Bearer' });
      }
      counts.asked += 1;
      if (request.headers.host !== 'fcm.googleapis.com') return answer(404, 'no such host');
      const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      if (!granted.has(bearer))
        return answer(401, fcmError(401, undefined, 'Request had invalid authentication credentials.'));
      if (request.method !== 'POST' || request.url !== `/v1/projects/${account.project_id}/messages:send`)
        return answer(403, fcmError(403, undefined, `Permission denied on resource ${request.url ?? ''}`));
      const { message, validate_only: dryRun = false } = JSON.parse(body) as {
        message: FcmWireMessage;
        validate_only?: boolean;
      };
      const behaviour = behaviours.get(message.token ?? '') ?? behaviours.get('*');
      if (behaviour) return behaveAs(behaviour);
      const wrong = wrongWith(message);
      if (wrong !== undefined) return answer(400, fcmError(400, 'INVALID_ARGUMENT', wrong));
      if (dryRun) counts.dryRuns += 1;
      else messages.push(message);
      answer(200, { name: `projects/${account.project_id}/messages/${counts.asked}` });
    }
  });
  server.on('connection', () => (counts.connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    messages,
    get asked() {
      return counts.asked;
    },
    get dryRuns() {
      return counts.dryRuns;
    },
    get tokensGranted() {
      return counts.tokens;
    },
    get connections() {
      return counts.connections;
    },
    behave(token, behaviour) {
      if (token === undefined) behaviours.clear();
      else if (behaviour === undefined) behaviours.delete(token);
      else behaviours.set(token, behaviour);
    },
    behaveAtToken: (behaviour) => void (atToken = behaviour),
    revokeTokens: () => granted.clear(),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** RFC 7523 section 3, with Google's words. */
async function refusalOf(
  form: URLSearchParams,
  account: TestServiceAccount,
  publicKey: KeyObject,
): Promise<string | undefined> {
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return 'Invalid grant type';
  try {
    const { payload, protectedHeader } = await jwtVerify(form.get('assertion') ?? '', publicKey, {
      algorithms: ['RS256'],
      issuer: account.client_email,
      audience: AUDIENCE,
      maxTokenAge: '1h',
    });
    if (protectedHeader.kid !== account.private_key_id) return 'Invalid key ID';
    if ((payload.exp ?? Infinity) - (payload.iat ?? 0) > 3600) return 'Token must be a short-lived token';
    return payload.scope === SCOPE ? undefined : 'Invalid scope';
  } catch {
    return 'Invalid JWT Signature.';
  }
}

function wrongWith(message: FcmWireMessage): string | undefined {
  const unknown = Object.keys(message).find((field) => !MESSAGE_FIELDS.has(field));
  if (unknown !== undefined) return `Invalid JSON payload received. Unknown name "${unknown}" at 'message'`;
  if (message.token === undefined && message.topic === undefined)
    return 'Recipient of the message is not set.';
  if (message.token !== undefined && !/^[A-Za-z0-9_:-]{10,}$/.test(message.token))
    return 'The registration token is not a valid FCM registration token';
  if (Object.values(message.data ?? {}).some((value) => typeof value !== 'string'))
    return 'Invalid value at data';
  const { notification, data } = message;
  if (Buffer.byteLength(JSON.stringify({ notification, data })) > 4096) return 'Android message is too big';
  if (message.android?.ttl !== undefined && !/^\d+(\.\d+)?s$/.test(message.android.ttl)) return 'Invalid ttl';
  const link = message.webpush?.fcmOptions?.link;
  if (link !== undefined && !link.startsWith('https://')) return 'WebpushFcmOptions.link must be https';
  return undefined;
}

const statuses: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

function fcmError(status: number, errorCode: string | undefined, message: string) {
  return {
    error: {
      code: status,
      message,
      status: statuses[status] ?? 'UNKNOWN',
      ...(errorCode === undefined
        ? {}
        : { details: [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }] }),
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
