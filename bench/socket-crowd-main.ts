import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { io } from 'socket.io-client';
import { z } from 'zod';
import { createLogger } from '../runtime/logger.js';
import { runProcess } from '../runtime/run-process.js';
import type { CrowdSight } from './socket-crowd.js';

const environment = z.object({ CROWD_API_URL: z.url(), CROWD_HTTP_PORT: z.coerce.number() });

/** So many begin to connect in one turn of the event loop. */
const AT_ONCE = 20;

await runProcess('socket-crowd', async ({ onStop }) => {
  const { CROWD_API_URL: apiUrl, CROWD_HTTP_PORT: port } = environment.parse(process.env);
  const sight: CrowdSight = {
    ready: 0,
    refused: {},
    ended: {},
    reloads: 0,
    lastReadyMs: 0,
    heard: {},
    created: {},
  };

  const join = (token: string) => {
    let since: string | undefined;
    let isReady = false;
    const socket = io(`${apiUrl}/inbox`, {
      auth: (send) => send({ token, since }),
      transports: ['websocket'],
      forceNew: true,
      // As Carillon's own client waits in its first minutes (web/client/retry-delay.ts).
      reconnectionDelay: 1_000,
      reconnectionDelayMax: 10_000,
      randomizationFactor: 0.5,
    });
    const note = ({ cursor }: { cursor?: string }) => (since = cursor ?? since);
    socket.on('ready', (told: { cursor: string; reload?: true }) => {
      note(told);
      if (told.reload) sight.reloads += 1;
      if (isReady) return;
      isReady = true;
      sight.ready += 1;
      sight.lastReadyMs = now();
    });
    socket.on('created', (told: { item: { id: string }; cursor: string }) => {
      note(told);
      sight.created[told.item.id] ??= now();
    });
    socket.on('updated', note);
    socket.on('system', (told: { message: string; cursor: string }) => {
      note(told);
      const heard = (sight.heard[told.message] ??= { people: 0, lastMs: 0 });
      heard.people += 1;
      heard.lastMs = now();
    });
    socket.on('disconnect', (reason) => {
      sight.ended[reason] = (sight.ended[reason] ?? 0) + 1;
      if (isReady) sight.ready -= 1;
      isReady = false;
    });
    socket.on('connect_error', (error: Error & { data?: { code: string } }) => {
      if (!error.data) return;
      sight.refused[error.data.code] = (sight.refused[error.data.code] ?? 0) + 1;
    });
  };

  const http = createServer((request, response) => {
    const answer = async () => {
      if (request.method === 'POST') {
        const tokens = z.array(z.string()).parse(JSON.parse(await bodyOf(request)));
        for (let from = 0; from < tokens.length; from += AT_ONCE) {
          tokens.slice(from, from + AT_ONCE).forEach(join);
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(sight));
    };
    answer().catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  createLogger({ level: 'info', name: 'socket-crowd' }).info('crowd ready');
  onStop(() => http.close(() => process.exit(0)));
  await once(http, 'close');
});

/** Finer than whole milliseconds, and the same in every process of the machine. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
