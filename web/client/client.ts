// What a page of its own making needs, without any element: `@carillon/web/client`.
export { CarillonClient, type ClientOptions, type ItemChange, type ThreadChange } from './carillon-client.js';
export { CarillonError } from './carillon-error.js';
export type { ConnectionStatus, LiveEvents } from './events.js';
export { InboxStore, type InboxState, type InboxStoreOptions } from './inbox-store.js';
export type * from './shapes.js';
export type { TokenSource } from './tokens.js';
