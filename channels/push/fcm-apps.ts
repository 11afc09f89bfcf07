import { randomUUID } from 'node:crypto';
import type { App } from 'firebase-admin/app';
import type { Messaging } from 'firebase-admin/messaging';
import { ResourcePool } from '../resource-pool.js';
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

type OpenApp = FcmApp & { close(): Promise<void> };

/** One Firebase app per tenant and service account, at most `limit`; the one unused for longest goes first. */
export class FcmApps {
  private readonly apps: ResourcePool<Promise<OpenApp>>;

  /** @param endpoint where Google's token endpoint and FCM are reached instead: one origin for both. */
  constructor(
    limit: number,
    private readonly endpoint: URL | undefined,
  ) {
    // The SDK fails what is under way in an app that is deleted.
    this.apps = new ResourcePool({ limit, endWhenFree: async (opening) => (await opening).close() });
  }

  /** @throws a `ChannelError` once closed. */
  use<T>(tenantId: string, credentials: FcmCredentials, work: (app: FcmApp) => Promise<T>): Promise<T> {
    return this.apps.use(
      identityOf(tenantId, credentials),
      () => openApp(credentials, this.endpoint),
      async (opening) => work(await opening),
    );
  }

  /** So that the next send begins with a new access token: the one that is kept may be of a right taken back. */
  forget(tenantId: string, credentials: FcmCredentials): void {
    this.apps.retire(identityOf(tenantId, credentials));
  }

  /** Ends all, those in use with their last send. */
  close(): Promise<void> {
    return this.apps.close();
  }
}

function identityOf(
  tenantId: string,
  { project_id, client_email, private_key, private_key_id }: FcmCredentials,
): unknown {
  return [tenantId, project_id, client_email, private_key, private_key_id];
}

async function openApp(credentials: FcmCredentials, endpoint: URL | undefined): Promise<OpenApp> {
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
