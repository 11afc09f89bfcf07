import { defaultUrl } from './default-url.js';
import { Listeners, type ConnectionStatus, type LiveEvents } from './events.js';
import { Http } from './http.js';
import { Live } from './live.js';
import type {
  Counts,
  Device,
  DeviceAddress,
  InboxQuery,
  Item,
  Me,
  MePatch,
  Page,
  Preferences,
  PreferencesInForce,
  PreferencesPatch,
  Stats,
  ThreadedItem,
  TypeChoice,
} from './shapes.js';
import { Tokens, type TokenSource } from './tokens.js';

export interface ClientOptions {
  /** Of the API, e.g. `https://notify.example.com`. Without it, where the script came from. */
  url?: string;
  /** The person's token, or a function that gets one from your server; that is called again when it has expired. */
  token: TokenSource;
  fetch?: typeof fetch;
  /** How often the counts are asked for where sockets do not get through. 30 */
  pollSeconds?: number;
}

export type ItemChange = 'read' | 'unread' | 'archive' | 'unarchive';
export type ThreadChange = 'read' | 'archive' | 'unarchive' | 'delete';

/** A person's inbox and preferences, and what happens in them. Every method throws `CarillonError`. */
export class CarillonClient {
  /** Of the API, without a slash at the end. */
  readonly url: string;
  private readonly listeners = new Listeners();
  private readonly http: Http;
  private readonly live: Live;
  private readonly tokens: Tokens;
  private retained = 0;
  private isOver = false;

  constructor({ url = defaultUrl(), token, fetch = globalThis.fetch, pollSeconds = 30 }: ClientOptions) {
    this.url = url.replace(/\/+$/, '');
    const tokens = (this.tokens = new Tokens(token));
    // Browsers refuse to have it called as a method of something else.
    this.http = new Http({ url: this.url, tokens, fetch: (...call) => fetch(...call) });
    this.live = new Live({
      url: this.url,
      tokens,
      pollMs: pollSeconds * 1000,
      counts: () => this.counts(),
      emit: (event, value) => this.listeners.emit(event, value),
    });
  }

  get status(): ConnectionStatus {
    return this.live.status;
  }

  /** As last heard; undefined before {@link LiveEvents.ready}, and after {@link disconnect}. */
  get knownCounts(): Counts | undefined {
    return this.isOver ? undefined : this.live.counts;
  }

  /** @returns what stops it. Hearing something takes {@link retain}, too. */
  on<E extends keyof LiveEvents>(event: E, listener: (value: LiveEvents[E]) => void): () => void {
    return this.listeners.on(event, listener);
  }

  /** Connects, unless somebody did. @returns what lets go; the connection ends when the last did. */
  retain(): () => void {
    if (++this.retained === 1 && !this.isOver) this.live.start();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.retained -= 1;
      // What is only moved within a page lets go and takes hold again at once.
      setTimeout(() => {
        if (this.retained === 0) this.live.stop();
      });
    };
  }

  /**
   * The person has signed out: ends the connection at once, whoever holds it, and for good. The token is forgotten,
   * `status` is told as `idle`, and nothing after that; what is called from then on throws `unauthenticated`.
   */
  disconnect(): void {
    this.isOver = true;
    this.tokens.end();
    this.live.stop();
    this.listeners.end();
  }

  /** Newest first. */
  inbox(query: InboxQuery = {}): Promise<Page<ThreadedItem>> {
    return this.http.call('GET', '/v1/me/inbox', { query });
  }

  item(id: string): Promise<Item> {
    return this.http.call('GET', itemPath(id));
  }

  counts(): Promise<Counts> {
    return this.http.call('GET', '/v1/me/inbox/counts');
  }

  stats(): Promise<Stats> {
    return this.http.call('GET', '/v1/me/inbox/stats');
  }

  change(id: string, change: ItemChange): Promise<Item> {
    return this.changed(this.http.call('POST', `${itemPath(id)}/${change}`));
  }

  /** @param until at most a year ahead. */
  snooze(id: string, until: Date | string): Promise<Item> {
    const body = { until: new Date(until).toISOString() };
    return this.changed(this.http.call('POST', `${itemPath(id)}/snooze`, { body }));
  }

  async remove(id: string): Promise<void> {
    await this.http.call('DELETE', itemPath(id));
    this.listeners.emit('removed', { id });
    this.live.lookAgain(false);
  }

  /** Everything in the inbox has been seen. */
  seen(): Promise<{ updated: number }> {
    return this.changedMany(this.http.call('POST', '/v1/me/inbox/seen'));
  }

  /** @param ids 1 to 100 */
  read(ids: readonly string[]): Promise<{ updated: number }> {
    return this.changedMany(this.http.call('POST', '/v1/me/inbox/read', { body: { ids } }));
  }

  readAll(): Promise<{ updated: number }> {
    return this.changedMany(this.http.call('POST', '/v1/me/inbox/read-all'));
  }

  /** Deletes what is read, or everything. */
  clear(which: 'read' | 'all' = 'read'): Promise<{ removed: number }> {
    return this.changedMany(this.http.call('DELETE', '/v1/me/inbox', { query: { filter: which } }));
  }

  changeThread(threadKey: string, change: ThreadChange): Promise<{ updated: number }> {
    const path = `/v1/me/inbox/threads/${change}`;
    return this.changedMany(this.http.call('POST', path, { body: { threadKey } }));
  }

  preferences(): Promise<PreferencesInForce> {
    return this.http.call('GET', '/v1/me/preferences');
  }

  changePreferences(patch: PreferencesPatch): Promise<Preferences> {
    return this.http.call('PATCH', '/v1/me/preferences', { body: patch });
  }

  resetPreferences(): Promise<Preferences> {
    return this.http.call('POST', '/v1/me/preferences/reset');
  }

  /** All there is to choose among, by name. */
  types(): Promise<TypeChoice[]> {
    return this.all<TypeChoice>('/v1/me/types');
  }

  /** The topics that the person is in. */
  async topics(): Promise<string[]> {
    return (await this.all<{ topic: string }>('/v1/me/topics')).map(({ topic }) => topic);
  }

  me(): Promise<Me> {
    return this.http.call('GET', '/v1/me');
  }

  changeMe(patch: MePatch): Promise<Me> {
    return this.http.call('PATCH', '/v1/me', { body: patch });
  }

  async devices(): Promise<Device[]> {
    return (await this.http.call<{ items: Device[] }>('GET', '/v1/me/devices')).items;
  }

  addDevice(address: DeviceAddress): Promise<Device> {
    return this.http.call('POST', '/v1/me/devices', { body: address });
  }

  removeDevice(address: DeviceAddress): Promise<void> {
    return this.http.call('DELETE', '/v1/me/devices', { body: address });
  }

  /** What `PushManager.subscribe` takes as its `applicationServerKey`. */
  async pushKey(): Promise<string> {
    return (await this.http.call<{ publicKey: string }>('GET', '/v1/me/push-key')).publicKey;
  }

  /** Tells all of this page at once; the socket tells it, too, to whomever else. */
  private async changed(call: Promise<Item>): Promise<Item> {
    const item = await call;
    this.listeners.emit('updated', { item });
    this.live.lookAgain(false);
    return item;
  }

  private async changedMany<T>(call: Promise<T>): Promise<T> {
    const answer = await call;
    this.live.lookAgain(true);
    return answer;
  }

  /** Every page of a list. */
  private async all<T>(path: string): Promise<T[]> {
    const found: T[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.http.call<Page<T>>('GET', path, { query: { limit: 100, cursor } });
      found.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return found;
  }
}

function itemPath(id: string): string {
  return `/v1/me/inbox/${encodeURIComponent(id)}`;
}
