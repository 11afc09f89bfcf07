import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTPayload } from 'jose';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

/** What a token holds unless told otherwise is right; `undefined` leaves a claim out. */
export interface TokenWishes {
  claims?: JWTPayload;
  header?: Record<string, unknown>;
  /** The key that signs. Default: the first. */
  kid?: string;
}

/** A real identity provider as far as tokens go: keys that rotate, a key set behind HTTP, tokens signed with them. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly jwksUrl: string;
  /** How often the key set was asked for. */
  readonly asked: number;
  /** The key set as it is published now. */
  readonly published: { keys: JWK[] };
  /** Makes a key; it is published unless told otherwise. */
  addKey(kid: string, options?: { alg?: 'RS256' | 'ES256'; isPublished?: boolean }): Promise<void>;
  /** Publishes these keys only. */
  publish(...kids: string[]): void;
  /** Answers the key set in another way, until told to stop. */
  answerWith(answer: ((response: ServerResponse) => void) | undefined): void;
  sign(wishes?: TokenWishes): Promise<string>;
  /** Cuts every connection; it can be started again. */
  stop(): Promise<void>;
  /** On the same port. */
  start(): Promise<void>;
}

export async function startIdentityProvider(tenantId: string): Promise<IdentityProvider> {
  const pairs = new Map<string, { alg: string; pair: KeyPair; jwk: JWK }>();
  let published: string[] = [];
  let asked = 0;
  let other: ((response: ServerResponse) => void) | undefined;
  const keySet = () => ({ keys: published.flatMap((kid) => pairs.get(kid)?.jwk ?? []) });

  const server = createServer((_request, response) => {
    asked += 1;
    if (other) return other(response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(keySet()));
  });
  let port = 0;
  const start = async () => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  await start();
  const issuer = `https://login.${tenantId}.example/`;

  const addKey: IdentityProvider['addKey'] = async (kid, { alg = 'RS256', isPublished = true } = {}) => {
    const pair = await generateKeyPair(alg, { extractable: true });
    pairs.set(kid, { alg, pair, jwk: { ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' } });
    if (isPublished) published.push(kid);
  };
  await addKey('first');

  return {
    issuer,
    jwksUrl: `http://127.0.0.1:${port}/jwks.json`,
    get asked() {
      return asked;
    },
    get published() {
      return keySet();
    },
    addKey,
    publish: (...kids) => {
      published = kids;
    },
    answerWith: (answer) => {
      other = answer;
    },
    sign: ({ claims, header, kid = 'first' } = {}) => {
      const known = pairs.get(kid);
      if (!known) throw new Error(`no key ${kid}`);
      const now = Math.floor(Date.now() / 1000);
      const payload = {
        iss: issuer,
        aud: 'carillon',
        sub: 'u-42',
        tenant_id: tenantId,
        iat: now,
        exp: now + 600,
        ...claims,
      };
      return new SignJWT(JSON.parse(JSON.stringify(payload)) as JWTPayload)
        .setProtectedHeader({ alg: known.alg, kid, ...header })
        .sign(known.pair.privateKey);
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    start,
  };
}
