import { EventEmitter, once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { Server, type Namespace } from 'socket.io';
import { fits, newestFirst } from '../../web/client/item-filter.js';
import type { Counts, ErrorCode, InboxFilter, Item, ThreadedItem } from '../../web/client/shapes.js';

/** An answer that is not what was asked for. */
export interface Planned {
  status: number;
  body?: object;
  headers?: Record<string, string>;
}

export interface Asked {
  method: string;
  /** With its query. */
  url: string;
  token: string | undefined;
}

/**
 * One person's inbox as the API has it, over HTTP and Socket.IO on a free port: what a client meets, without an engine
 * behind it. Changes go to every socket, as they do there.
 */
export class InboxServer {
  readonly asked: Asked[] = [];
  /** What sockets said when they connected. */
  readonly handshakes: { token?: string; since?: string; transport: string; url: string }[] = [];
  /** Tokens that are taken. */
  readonly tokens = new Set(['token-1']);
  /** Transports that do not get through: `websocket`, `polling`. */
  readonly blocked = new Set<string>();
  /** How often a socket is asked whether it is there, and how long it has to say so. Before the start. */
  pingMs = 20_000;
  /** False: a socket gets no further than its handshake. */
  takesSockets = true;
  private readonly items = new Map<string, Item>();
  private readonly planned: Planned[] = [];
  private held: Promise<void> | undefined;
  private readonly heard = new EventEmitter();
  private cursor = 0;
  private missed: { at: number; event: string; value: object }[] = [];
  private http: HttpServer | undefined;
  private io: Server | undefined;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get inbox(): Namespace {
    return this.io!.of('/inbox');
  }

  /** Listens, the second time where it listened before. */
  async start(): Promise<this> {
    this.http = createServer((request, response) => {
      this.serve(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
    this.io = new Server(this.http, {
      cors: { origin: '*' },
      pingInterval: this.pingMs,
      pingTimeout: this.pingMs,
      allowRequest: (request, decide) => {
        const transport = new URL(request.url ?? '', this.url).searchParams.get('transport') ?? '';
        decide(null, !this.blocked.has(transport));
      },
    });
    this.inbox.use((socket, next) => {
      const { token, since } = socket.handshake.auth as { token?: string; since?: string };
      const transport = socket.conn.transport.name;
      this.handshakes.push({ token, since, transport, url: socket.request.url ?? '' });
      this.heard.emit('handshake');
      if (!this.takesSockets) return next(refusal('unavailable', 'try again'));
      if (this.tokens.has(token ?? '')) next();
      else next(refusal('unauthenticated', 'this token is not taken'));
    });
    this.inbox.on('connection', (socket) => {
      const { since } = socket.handshake.auth as { since?: string };
      const from = since === undefined ? this.cursor : Number(since);
      socket.emit('ready', {
        counts: this.counts(),
        cursor: String(this.cursor),
        ...(from < 0 ? { reload: true } : {}),
      });
      for (const { at, event, value } of this.missed) if (at > from) socket.emit(event, value);
    });
    this.http.listen(this.port, '127.0.0.1');
    await once(this.http, 'listening');
    this.port = (this.http.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    this.http?.closeAllConnections();
    await this.io?.close();
  }

  /** The next requests are answered so. */
  plan(...answers: Planned[]): void {
    this.planned.push(...answers);
  }

  /** Requests wait until what this answers is called. */
  hold(): () => void {
    let release = () => {};
    this.held = new Promise((resolve) => {
      release = () => {
        this.held = undefined;
        resolve();
      };
    });
    return release;
  }

  handshake(): Promise<unknown> {
    return once(this.heard, 'handshake');
  }

  /** How often it was asked for something that begins so. */
  count(method: string, path: string): number {
    return this.asked.filter((one) => one.method === method && one.url.startsWith(path)).length;
  }

  /** Puts an item into the inbox. */
  add(item: Partial<Item> & { id: string }, { silently = false } = {}): Item {
    const whole = { ...blank, createdAt: at(this.items.size), ...item };
    const isNew = !this.items.has(whole.id);
    this.items.set(whole.id, whole);
    if (!silently) this.tell(isNew ? 'created' : 'updated', { item: whole });
    return whole;
  }

  /** Changes an item as another device would. */
  change(id: string, change: Partial<Item>): Item {
    return this.add({ ...this.items.get(id)!, ...change });
  }

  remove(id: string): void {
    this.items.delete(id);
    this.tell('removed', { id });
  }

  tell(event: string, value: object): void {
    this.cursor += 1;
    const told = { ...value, cursor: String(this.cursor) };
    this.missed.push({ at: this.cursor, event, value: told });
    this.inbox.emit(event, told);
    const { unread, unseen } = this.counts();
    this.inbox.emit('counts', { unread, unseen });
  }

  counts(): Counts {
    const all = [...this.items.values()].filter((item) => fits(item, {}));
    const unread = all.filter(({ readAt }) => readAt === null).length;
    const unseen = all.filter(({ seenAt }) => seenAt === null).length;
    const [most = 0] = [Math.max(unread, unseen, all.length)];
    const capped = (count: number) => Math.min(100, count);
    return { unread: capped(unread), unseen: capped(unseen), total: capped(all.length), capped: most >= 100 };
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const token = headers.authorization?.replace('Bearer ', '');
    const body: unknown = Number(headers['content-length'] ?? 0) > 0 ? await json(request) : undefined;
    this.asked.push({ method, url, token });
    await this.held;
    const {
      status,
      body: answer,
      headers: more,
    } = this.planned.shift() ?? this.answer(method, url, token, body);
    response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'r-1', ...more });
    response.end(answer && JSON.stringify(answer));
  }

  private answer(method: string, url: string, token: string | undefined, body: unknown): Planned {
    if (!this.tokens.has(token ?? '')) return refused(401, 'unauthenticated');
    const { pathname, searchParams } = new URL(url, this.url);
    const [, , , , id = '', action = ''] = pathname.split('/').map(decodeURIComponent);
    if (id === 'counts') return { status: 200, body: this.counts() };
    if (id === '' && method === 'GET') return { status: 200, body: this.page(searchParams) };
    if (id === '')
      return this.each((item) => item.readAt !== null || searchParams.get('filter') === 'all', 'delete');
    if (id === 'seen') return this.each(({ seenAt }) => seenAt === null, 'seen');
    if (id === 'read-all') return this.each(({ readAt }) => readAt === null, 'read');
    if (id === 'threads') {
      const { threadKey } = body as { threadKey: string };
      return this.each((item) => item.threadKey === threadKey, action);
    }
    const item = this.items.get(id);
    if (!item) return refused(404, 'not_found');
    if (method === 'DELETE') {
      this.remove(id);
      return { status: 204 };
    }
    if (method === 'GET') return { status: 200, body: item };
    return { status: 200, body: this.change(id, done(action, body)) };
  }

  private each(which: (item: Item) => boolean, action: string): Planned {
    const chosen = [...this.items.values()].filter(which);
    for (const { id } of chosen) {
      if (action === 'delete') this.remove(id);
      else this.change(id, done(action, undefined));
    }
    return {
      status: 200,
      body: action === 'delete' ? { removed: chosen.length } : { updated: chosen.length },
    };
  }

  private page(query: URLSearchParams): object {
    const { group, limit = '20', cursor, ...filter } = Object.fromEntries(query) as Record<string, string>;
    const chosen = [...this.items.values()]
      .filter((item) => fits(item, filter as InboxFilter))
      .sort(newestFirst);
    const all = group === undefined ? chosen : threads(chosen);
    const after =
      cursor === undefined ? 0 : all.findIndex((item) => newestFirst(item, JSON.parse(cursor) as Item) > 0);
    const from = after < 0 ? all.length : after;
    const items = all.slice(from, from + Number(limit));
    const last = items.at(-1);
    const isMore = last !== undefined && from + items.length < all.length;
    return { items, nextCursor: isMore ? JSON.stringify({ id: last.id, createdAt: last.createdAt }) : null };
  }
}

/** ISO 8601, later for a greater number. */
export function at(seconds: number): string {
  return new Date(Date.parse('2026-03-01T08:00:00Z') + seconds * 1000).toISOString();
}

const blank: Omit<Item, 'id' | 'createdAt'> = {
  type: 'approval_request',
  category: 'contracts',
  severity: 'info',
  critical: false,
  title: 'NDA with Acme',
  message: 'Ann asks you to approve it',
  data: {},
  actor: null,
  related: null,
  icon: 'file-check',
  color: '#2563eb',
  actionUrl: null,
  imageUrl: null,
  actions: [],
  threadKey: null,
  seenAt: null,
  readAt: null,
  archivedAt: null,
  snoozedUntil: null,
};

function done(action: string, body: unknown): Partial<Item> {
  const now = new Date().toISOString();
  if (action === 'read') return { readAt: now, seenAt: now };
  if (action === 'unread') return { readAt: null };
  if (action === 'seen') return { seenAt: now };
  if (action === 'archive') return { archivedAt: now, snoozedUntil: null };
  if (action === 'unarchive') return { archivedAt: null };
  return { snoozedUntil: (body as { until: string }).until };
}

function threads(items: Item[]): ThreadedItem[] {
  const found = new Map<string, ThreadedItem>();
  for (const item of items) {
    const key = item.threadKey ?? `item ${item.id}`;
    const entry = found.get(key) ?? { ...item, threadCount: 0, threadUnread: 0 };
    entry.threadCount! += 1;
    entry.threadUnread! += item.readAt === null ? 1 : 0;
    found.set(key, entry);
  }
  return [...found.values()];
}

function refused(status: number, code: ErrorCode): Planned {
  return { status, body: { code, detail: `refused: ${code}` } };
}

function refusal(code: ErrorCode, detail: string): Error {
  return Object.assign(new Error(detail), { data: { code, detail } });
}
