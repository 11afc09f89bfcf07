import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { CarillonClient } from '../../client/carillon-client.js';
import { onPageClient, sharedClient } from '../../client/connect.js';

/** The properties of an element by which it may be given its client. */
export interface ClientHost extends ReactiveControllerHost {
  /** A client of the page's own making. */
  client?: CarillonClient;
  /** Attribute `api-url`: of the API; default where the script came from. */
  apiUrl?: string;
  /** The person's token. */
  token?: string;
}

/** The declarations of these properties, for `static properties`. */
export const clientProperties = {
  client: { attribute: false },
  apiUrl: { attribute: 'api-url' },
  token: {},
} as const;

/**
 * Finds an element's client: its `client`, else that of its `token`, which is shared with the elements that have the
 * same, else the page's. Tells `changed` of each other one, and of undefined when the element leaves the page.
 */
export class ClientSource implements ReactiveController {
  /** Absent until one is found. */
  client?: CarillonClient;
  private page?: CarillonClient | undefined;
  private stop?: () => void;

  constructor(
    private readonly host: ClientHost,
    private readonly changed: (client: CarillonClient | undefined) => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.stop = onPageClient((client) => {
      this.page = client;
      this.host.requestUpdate();
    });
    this.host.requestUpdate();
  }

  hostDisconnected(): void {
    this.stop?.();
    this.stop = undefined;
    this.take(undefined);
  }

  hostUpdate(): void {
    if (!this.stop) return;
    const { client, apiUrl, token } = this.host;
    this.take(client ?? (token ? sharedClient(apiUrl, token) : this.page));
  }

  private take(client: CarillonClient | undefined): void {
    if (client === this.client) return;
    this.client = client;
    this.changed(client);
  }
}
