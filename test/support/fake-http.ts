import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as a provider's double reads it. */
export interface FakeRequest {
  method: string;
  url: URL;
  headers: Headers;
  body: string;
}

/** An answer; or none at all: the connection stays open, or breaks before or within the answer. */
export type FakeAnswer =
  | { status?: number; headers?: Record<string, string>; body?: string }
  | 'hang'
  | 'drop'
  | { status: number; breaksOff: true };

export interface FakeHttp {
  /** `http://127.0.0.1:port` */
  url: string;
  /** All requests, the oldest first. */
  requests: FakeRequest[];
  /** The next requests are answered so, one after the other, whatever they ask; then the double is itself again. */
  behave(...answers: FakeAnswer[]): void;
  /** The next request to come. */
  nextRequest(): Promise<FakeRequest>;
  close(): Promise<void>;
}

/** A server on a free port that answers what `handle` says, unless told otherwise. */
export async function startFakeHttp(handle: (request: FakeRequest) => FakeAnswer): Promise<FakeHttp> {
  const requests: FakeRequest[] = [];
  const events = new EventEmitter();
  let planned: FakeAnswer[] = [];

  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request: FakeRequest = {
      method: incoming.method ?? '',
      url: new URL(incoming.url ?? '/', 'http://fake.example'),
      headers: new Headers(incoming.headers as Record<string, string>),
      body: await text(incoming),
    };
    requests.push(request);
    const answer = planned.shift() ?? handle(request);
    events.emit('request', request);
    reply(response, answer);
  };
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    behave: (...answers) => (planned = answers),
    nextRequest: async () => (await once(events, 'request'))[0] as FakeRequest,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function reply(response: ServerResponse, answer: FakeAnswer): void {
  if (answer === 'hang') return;
  if (answer === 'drop') {
    response.destroy();
  } else if ('breaksOff' in answer) {
    response.writeHead(answer.status, { 'content-length': '1000' });
    response.write('half an ans', () => response.destroy());
  } else {
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? '');
  }
}
