import type { Server as HttpServer } from 'node:http';
import type { Express } from 'express';
import type { Socket } from 'socket.io';
import { CarillonError } from '../../contracts/errors.js';
import type { LiveChange } from '../../models/live-changes.js';
import type { ApiDependencies } from '../dependencies.js';
import { translate } from '../middleware/errors.js';
import { admit, checkOrigin, type Admitted } from './admission.js';
import { Connection } from './connection.js';
import { CountsTeller } from './counts.js';
import { Endings } from './endings.js';
import { farewell } from './farewell.js';
import { Gate } from './gate.js';
import { ItemNews } from './item-news.js';
import { LiveFeed } from './live-feed.js';
import { Membership } from './membership.js';
import type { PresentPerson } from './presence.js';
import { proxiedRequest } from './proxied-request.js';
import { Reports } from './reports.js';
import { Reloads } from './reloads.js';
import { realtimeSettings, type RealtimeSettings } from './settings.js';
import { Snoozes } from './snoozes.js';
import { openSocketServer, type SocketServer } from './socket-server.js';
import { welcome } from './welcome.js';

/** Clients that are welcomed at once; each takes some queries, and others want the database too. */
const WELCOMES = 20;

/** Open inboxes: clients of the namespace `/inbox`, told what changes in MongoDB, whoever wrote it. */
export class Realtime {
  private readonly sockets: SocketServer;
  private readonly feed: LiveFeed;
  private readonly counts: CountsTeller;
  private readonly news: ItemNews;
  private readonly membership: Membership;
  private readonly snoozes: Snoozes;
  private readonly endings: Endings;
  private readonly reloads: Reloads;
  private readonly reports: Reports;
  private readonly gate = new Gate(WELCOMES);
  private readonly settings: RealtimeSettings;
  private isOpen = false;
  private closing: Promise<void> | undefined;

  /** Attaches itself to the server that answers for `app`; takes nobody until it is told to `open`. */
  constructor(
    server: HttpServer,
    private readonly app: Express,
    private readonly deps: ApiDependencies,
    settings: Partial<RealtimeSettings> = {},
  ) {
    const { models, log, live } = deps;
    const { presence } = live;
    this.settings = { ...realtimeSettings, ...settings };
    this.counts = new CountsTeller(models, presence, log, this.settings);
    this.reloads = new Reloads(deps);
    this.reports = new Reports(models, live, log, this.settings);
    this.membership = new Membership(models, presence, log);
    const changed = (person: PresentPerson) => this.counts.changed(person);
    this.snoozes = new Snoozes(deps, presence, {
      woken: changed,
      tooMany: (person) => this.reloads.owe([person]),
    });
    this.endings = new Endings(models, presence, log, this.settings, changed);
    this.news = new ItemNews(deps, presence, this.settings, {
      counts: changed,
      snoozed: (person, until) => this.snoozes.expect(person, until),
      reload: (people) => this.reloads.owe(people),
    });
    this.feed = new LiveFeed(models.connection, log, this.settings, {
      onChange: (change) => this.onChange(change),
      onGap: () => this.onGap(),
    });
    live.lagMs = () => this.feed.lagMs;
    this.sockets = openSocketServer(server, app, deps, this.settings, {
      flood: () => live.refused('', 'flood'),
      isOpen: () => this.isOpen && !this.closing,
    });
    this.sockets.inbox.use((socket, next) => {
      this.letIn(socket).then(() => next(), next);
    });
    this.sockets.inbox.on('connection', (socket) => this.connected(socket));
  }

  /** From now on clients are taken: the database can be reached. */
  open(): this {
    this.isOpen = true;
    this.endings.start();
    this.reports.start();
    return this;
  }

  /** Sends all clients away, bit by bit; then nothing of it is left. */
  close(): Promise<void> {
    return (this.closing ??= this.shut());
  }

  private async shut(): Promise<void> {
    for (const part of [this.counts, this.membership, this.snoozes, this.endings, this.reloads]) part.close();
    await farewell(this.sockets.clients(), this.sockets.wires, this.settings.farewellMs);
    await Promise.all([this.feed.close(), this.reports.close()]);
  }

  /** @throws Error with the code and detail of the error table as `data`, which Socket.IO tells the client. */
  private async letIn(socket: Socket): Promise<void> {
    const { live, log } = this.deps;
    let tenantId = '';
    try {
      if (this.closing) throw new CarillonError('unavailable', 'this process is stopping; try again');
      const address = proxiedRequest(this.app, socket.request).ip ?? '';
      const admitted = await admit(socket, address, this.deps);
      ({ tenantId } = admitted.person);
      await checkOrigin(socket.handshake.headers, tenantId, this.deps);
      const leave = live.limits.take(tenantId, admitted.person.recipientId);
      // A client that went away meanwhile is never `connected`.
      socket.conn.once('close', leave);
      if (socket.conn.readyState !== 'open') leave();
      (socket.data as Entrance).admitted = { ...admitted, leave };
    } catch (error) {
      const known = translate(error);
      live.refused(tenantId, known.code);
      if (known.code === 'internal') log.error({ err: error }, 'a connection failed');
      const { code, detail, retryAfterMs } = known;
      throw Object.assign(new Error(detail), {
        data: { code, detail, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
      });
    }
  }

  private connected(socket: Socket): void {
    const { live } = this.deps;
    const { admitted } = socket.data as Required<Entrance>;
    const { tenantId } = admitted.person;
    const connection = new Connection(socket, admitted.person, this.settings, {
      slow: () => live.refused(tenantId, 'slow'),
      caughtUp: () => this.reloads.owe([person]),
    });
    const person = live.presence.enter(connection);
    socket.once('disconnect', () => {
      connection.close();
      admitted.leave();
      // A connection is of use for this namespace only.
      socket.conn.close();
      if (!live.presence.leave(connection)) return;
      this.snoozes.forget(person);
      if (live.presence.isEmpty) this.feed.rest();
    });
    void this.gate.pass(() => this.greet(connection, person, admitted.since));
  }

  private async greet(connection: Connection, person: PresentPerson, since: unknown): Promise<void> {
    try {
      if (!person.connections.has(connection)) return;
      // First what tells of changes, then how things are: nothing falls between the two.
      await this.feed.ensure();
      await this.membership.load(person);
      const wake = await welcome(connection, person, since, this.deps, this.settings);
      if (wake) this.snoozes.expect(person, wake);
    } catch (error) {
      this.deps.log.warn({ tenantId: person.tenantId, err: error }, 'a client could not be welcomed');
      connection.drop();
    }
  }

  private onChange(change: LiveChange): void {
    const { presence } = this.deps.live;
    if (change.kind === 'item') {
      this.news.add(change);
    } else if (change.kind === 'system') {
      const { tenantId, audiences } = change.message;
      for (const { connections } of presence.hearing(tenantId, audiences))
        for (const connection of connections) connection.hear(change.message);
    } else {
      const person = presence.find(change.tenantId, change.recipientId);
      if (person) this.membership.changed(person);
    }
  }

  private onGap(): void {
    const people = [...this.deps.live.presence.persons];
    this.deps.log.warn({ people: people.length }, 'changes were missed: everybody loads anew');
    for (const person of people) this.membership.changed(person);
    this.reloads.owe(people);
  }
}

interface Entrance {
  admitted?: Admitted & { leave: () => void };
}
