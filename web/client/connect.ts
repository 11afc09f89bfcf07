import { CarillonClient, type ClientOptions } from './carillon-client.js';

/** The page's client, once it is known. */
let pageClient: CarillonClient | undefined;
const waiting = new Set<(client: CarillonClient) => void>();

/** Gives the elements of the page that name no client of their own theirs. May be called before or after they are there. */
export function connect(options: ClientOptions | CarillonClient): CarillonClient {
  pageClient = options instanceof CarillonClient ? options : new CarillonClient(options);
  for (const listener of [...waiting]) listener(pageClient);
  return pageClient;
}

/** Calls `listener` with the page's client, now if there is one and whenever {@link connect} sets one. @returns what ends it. */
export function onPageClient(listener: (client: CarillonClient) => void): () => void {
  waiting.add(listener);
  if (pageClient) listener(pageClient);
  return () => void waiting.delete(listener);
}

const shared = new Map<string, CarillonClient>();

/** The one client of all elements with this address and token. */
export function sharedClient(url: string | undefined, token: string): CarillonClient {
  const key = JSON.stringify([url, token]);
  const client = shared.get(key) ?? new CarillonClient({ url, token });
  shared.set(key, client);
  return client;
}
