import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { App } from 'firebase-admin/app';
import type { Messaging } from 'firebase-admin/messaging';
import { ChannelError } from '../channel.js';
import { FcmAgent } from './fcm-agent.js';
import type { FcmCredentials } from './fcm-credentials.js';
import { googleAccessToken } from './google-access-token.js';

/** A Firebase app of one tenant's service account. */
export interface FcmApp {
  messaging: Messaging;
  agent: FcmAgent;
  /** Why the last access token that was asked for was not given; the SDK's own error does not tell. */
  tokenError?: unknown;
}

interface Entry {
  opening: Promise<FcmApp & { close(): Promise<void> }>;
  using: number;
  retired: boolean;
}

/**
 * One Firebase app per tenant and service account, at most `limit`; the one unused for longest goes first, once its
 * sends are done. Keyed by a hash with a key of this process, so that no private key can be read from it.
 */
export class FcmApps {
  private readonly entries = new Map<string, Entry>();
  private readonly hashKey = randomBytes(32);
  private readonly closing = new Set<Promise<void>>();
  private closed = false;

  /** @param endpoint where Google's token endpoint and FCM are reached instead: one origin for both. */
  constructor(
    private readonly limit: number,
    private readonly endpoint: URL | undefined,
  ) {}

  /** Number of apps that are kept. */
  get size(): number {
    return this.entries.size;
  }

  /** @throws a {@link ChannelError} once closed. */
  async use<T>(tenantId: string, credentials: FcmCredentials, work: (app: FcmApp) => Promise<T>): Promise<T> {
    const entry = this.entryFor(this.keyOf(tenantId, credentials), credentials);
    entry.using += 1;
    try {
      return await work(await entry.opening);
    } finally {
      entry.using -= 1;
      this.closeWhenFree(entry);
    }
  }

  /** So that the next send begins with a new access token: the one that is kept may be of a right taken back. */
  forget(tenantId: string, credentials: FcmCredentials): void {
    this.retire(this.keyOf(tenantId, credentials));
  }

  /** Ends all, those in use with their last send. */
  async close(): Promise<void> {
    this.closed = true;
    for (const key of [...this.entries.keys()]) this.retire(key);
    await Promise.all(this.closing);
  }

  private entryFor(key: string, credentials: FcmCredentials): Entry {
    if (this.closed) {
      throw new ChannelError('network_error', {
        providerDown: false,
        providerResponse: 'not sent: shutting down',
      });
    }
    const entry = this.entries.get(key) ?? {
      opening: openApp(credentials, this.endpoint),
      using: 0,
      retired: false,
    };
    // A Map keeps the order of insertion: taken out and put back, the entry is the latest used.
    this.entries.delete(key);
    this.entries.set(key, entry);
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.limit && oldest !== undefined) this.retire(oldest);
    return entry;
  }

  private retire(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    entry.retired = true;
    this.closeWhenFree(entry);
  }

  /** The SDK fails what is under way in an app that is deleted. */
  private closeWhenFree(entry: Entry): void {
    if (!entry.retired || entry.using > 0) return;
    const closing = entry.opening.then((app) => app.close()).finally(() => this.closing.delete(closing));
    this.closing.add(closing);
  }

  private keyOf(tenantId: string, { project_id, client_email, private_key, private_key_id }: FcmCredentials) {
    return createHmac('sha256', this.hashKey)
      .update(JSON.stringify([tenantId, project_id, client_email, private_key, private_key_id]))
      .digest('base64url');
  }
}

async function openApp(
  credentials: FcmCredentials,
  endpoint: URL | undefined,
): Promise<FcmApp & { close(): Promise<void> }> {
  const [{ deleteApp, initializeApp }, { getMessaging }] = await Promise.all([
    import('firebase-admin/app'),
    import('firebase-admin/messaging'),
  ]);
  const agent = new FcmAgent(endpoint);
  const tokenUrl = endpoint && new URL('/token', endpoint).href;
  const opened: { tokenError?: unknown } = {};
  const getAccessToken = async () => {
    try {
      const token = await googleAccessToken(credentials, tokenUrl);
      opened.tokenError = undefined;
      return token;
    } catch (error) {
      opened.tokenError = error;
      throw error;
    }
  };
  const app: App = initializeApp(
    { credential: { getAccessToken }, projectId: credentials.project_id, httpAgent: agent },
    `carillon-${randomUUID()}`,
  );
  return Object.assign(opened, {
    messaging: getMessaging(app),
    agent,
    async close() {
      await deleteApp(app);
      agent.destroy();
    },
  });
}
