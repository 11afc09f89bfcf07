import { CarillonClient, type ClientOptions } from './carillon-client.js';

/** The page's client, once it is known. */
let pageClient: CarillonClient | undefined;
type PageListener = (client: CarillonClient | undefined) => void;
const waiting = new Set<PageListener>();

/** Gives the elements of the page that name no client of their own theirs. May be called before or after they are there. */
export function connect(options: ClientOptions | CarillonClient): CarillonClient {
  pageClient = options instanceof CarillonClient ? options : new CarillonClient(options);
  for (const listener of [...waiting]) listener(pageClient);
  return pageClient;
}

/**
 * The person has signed out: {@link CarillonClient.disconnect} for the page's client, which its elements let go of. They
 * show nothing until {@link connect} gives them another.
 */
export function disconnect(): void {
  const left = pageClient;
  pageClient = undefined;
  for (const listener of [...waiting]) listener(undefined);
  left?.disconnect();
}

/**
 * Calls `listener` with the page's client: now if there is one, whenever {@link connect} sets one, and with undefined when
 * {@link disconnect} takes it. @returns what ends it.
 */
export function onPageClient(listener: PageListener): () => void {
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
