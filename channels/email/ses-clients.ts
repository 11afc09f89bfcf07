import { createHmac, randomBytes } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type * as Sdk from '@aws-sdk/client-sesv2';
import { LRUCache } from 'lru-cache';
import { shuttingDown } from '../shutting-down.js';
import type { SesCredentials } from './ses-credentials.js';

/** Clients kept, each a signature's key and no connection: those are shared. */
const MAX_CLIENTS = 200;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * The SDK, and a client of it for each credentials. All share connections, which know no tenant: each request is signed
 * by itself, and as there is no bound on their number nobody waits behind another's hanging call.
 */
export class SesClients {
  private readonly clients = new LRUCache<string, Sdk.SESv2Client>({ max: MAX_CLIENTS });
  private readonly hashKey = randomBytes(32);
  private readonly agents = {
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true }),
  };
  private sdk: Promise<typeof Sdk> | undefined;
  private underWay = 0;
  private closed = false;

  /** @param endpoint URL at which SES is reached instead of at `email.<region>.amazonaws.com`. */
  constructor(private readonly endpoint: string | undefined) {}

  /** @throws what the SDK throws, or a `ChannelError` once closed. */
  async call<T>(
    credentials: SesCredentials,
    use: (client: Sdk.SESv2Client, sdk: typeof Sdk) => Promise<T>,
  ): Promise<T> {
    if (this.closed) throw shuttingDown();
    this.underWay += 1;
    try {
      const sdk = await (this.sdk ??= import('@aws-sdk/client-sesv2'));
      return await use(this.clientFor(credentials, sdk), sdk);
    } finally {
      this.underWay -= 1;
      this.endWhenFree();
    }
  }

  /** Resting connections end now, busy ones with their call. */
  close(): void {
    this.closed = true;
    this.endWhenFree();
  }

  private endWhenFree(): void {
    if (!this.closed || this.underWay > 0) return;
    this.agents.httpAgent.destroy();
    this.agents.httpsAgent.destroy();
  }

  private clientFor(credentials: SesCredentials, { SESv2Client }: typeof Sdk): Sdk.SESv2Client {
    const { region, accessKeyId, secretAccessKey, sessionToken } = credentials;
    const key = createHmac('sha256', this.hashKey)
      .update(JSON.stringify([region, accessKeyId, secretAccessKey, sessionToken]))
      .digest('base64url');
    const known = this.clients.get(key);
    if (known) return known;
    const client = new SESv2Client({
      region,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
      // Carillon tries again by its own rules, and counts each.
      maxAttempts: 1,
      requestHandler: { ...this.agents, connectionTimeout: CONNECT_TIMEOUT_MS },
      ...(this.endpoint === undefined ? {} : { endpoint: this.endpoint }),
    });
    this.clients.set(key, client);
    return client;
  }
}
