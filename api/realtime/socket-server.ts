import type { Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { Server, type Namespace } from 'socket.io';
import type { ApiDependencies } from '../dependencies.js';
import { FloodGauge } from './flood.js';
import { proxiedRequest } from './proxied-request.js';
import type { RealtimeSettings } from './settings.js';

/** Socket.IO on the API's server. */
export interface SocketServer {
  inbox: Namespace;
  /** Every client, with or without a person. */
  clients(): { close(discard?: boolean): void }[];
  /** The WebSockets' own connections, which the HTTP server does not end. */
  wires: ReadonlySet<Duplex>;
}

/**
 * @param on.flood of a client that sends too much; it is disconnected.
 * @param on.isOpen false while clients are to try again later, which theirs do by themselves.
 */
export function openSocketServer(
  server: HttpServer,
  app: Express,
  deps: Pick<ApiDependencies, 'config' | 'tenantAuth'>,
  settings: RealtimeSettings,
  on: { flood: () => void; isOpen: () => boolean },
): SocketServer {
  const io = new Server(server, {
    serveClient: false,
    // WebSocket first is the client's choice; polling is for where it is blocked.
    transports: ['websocket', 'polling'],
    pingInterval: settings.pingIntervalMs,
    pingTimeout: settings.pingTimeoutMs,
    connectTimeout: settings.connectTimeoutMs,
    maxHttpBufferSize: settings.maxMessageBytes,
    perMessageDeflate: false,
    httpCompression: false,
    allowRequest: (request, decide) => {
      if (deps.config.CARILLON_REQUIRE_TLS && !proxiedRequest(app, request).secure)
        decide('this is only answered over https', false);
      else if (on.isOpen()) decide(null, true);
      else decide('not now', false);
    },
    cors: {
      // Whose page it is, is not known before the token: then the tenant's own list decides.
      origin: (origin, allow) => {
        if (origin === undefined) return allow(null, false);
        deps.tenantAuth.isOriginAllowed(origin).then(
          (isAllowed) => allow(null, isAllowed),
          () => allow(null, false),
        );
      },
    },
  });
  const wires = new Set<Duplex>();
  server.on('upgrade', (_request, wire: Duplex) => {
    wires.add(wire);
    wire.once('close', () => wires.delete(wire));
  });
  const engine = io.engine as unknown as Engine;
  engine.on('headers', (headers) => {
    headers['X-Content-Type-Options'] = 'nosniff';
    headers['Cache-Control'] = 'no-store';
  });
  engine.on('connection', (client) => {
    const gauge = new FloodGauge(settings.flood);
    client.on('packet', ({ type }) => {
      // Heartbeats' answers are counted too: a client sends one in many seconds.
      if (client.readyState !== 'open' || !gauge.isFlood() || type === 'close') return;
      on.flood();
      client.close(true);
    });
  });
  // What there is, is in the namespace; the default one is nobody's.
  io.use((_socket, next) => next(new Error('there is only the namespace /inbox')));
  const inbox = io.of('/inbox');
  inbox.use((socket, next) => {
    socket.use(([event, ...parts]: unknown[], pass) => {
      answerUnknown(event, parts.at(-1));
      void pass;
    });
    next();
  });
  return { inbox, wires, clients: () => Object.values(engine.clients) };
}

/** No event of a client's is known: whoever waits for an answer gets one, the rest is only counted. */
function answerUnknown(event: unknown, last: unknown): void {
  if (typeof last !== 'function') return;
  const answer = last as (value: unknown) => void;
  answer({ error: { code: 'not_found', detail: `there is no event "${String(event).slice(0, 100)}"` } });
}

interface EngineClient {
  readyState: string;
  on(event: 'packet', listener: (packet: { type: string }) => void): void;
  close(discard?: boolean): void;
}

interface Engine {
  clients: Record<string, EngineClient>;
  on(event: 'connection', listener: (client: EngineClient) => void): void;
  on(event: 'headers', listener: (headers: Record<string, string>) => void): void;
}
