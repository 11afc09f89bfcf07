import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { text } from 'node:stream/consumers';
import { Metadata, status as grpcStatus } from '@grpc/grpc-js';
import express, { type RequestHandler } from 'express';
import mongoose from 'mongoose';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { answerErrors, notFound, translate } from '../../api/middleware/errors.js';
import { requestId } from '../../api/middleware/request-id.js';
import { CarillonError } from '../../contracts/errors.js';
import { createLogger } from '../../runtime/logger.js';

const { mongo } = mongoose;
let logged: Record<string, unknown>[];
/** What the error sink would be told. */
let reported: { error: unknown; where: string }[];

beforeEach(() => {
  logged = [];
  reported = [];
});

/** An API of one route, `/:part`, that reads JSON and then does what a test wants. */
async function serve(handler: RequestHandler): Promise<string> {
  const write = (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>);
  const log = createLogger({ level: 'info', name: 'test' }, { write });
  const app = express();
  app.use(requestId);
  app.all('/:part', express.json({ limit: 1000, type: () => true }), handler);
  app.use(notFound);
  const report = (error: unknown, { where }: { where: string }) => void reported.push({ error, where });
  app.use(answerErrors({ log, errors: { report } }));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const nothing: RequestHandler = (_request, response) => void response.json({});
const failing = (error: Error): RequestHandler => {
  return () => {
    throw error;
  };
};

async function answerTo(error: Error) {
  const response = await fetch(`${await serve(failing(error))}/thing`);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

async function answerToBody(body: string | Buffer, headers: Record<string, string> = {}) {
  const response = await fetch(`${await serve(nothing)}/thing`, { method: 'POST', body, headers });
  return { status: response.status, body: await response.json() };
}

it.each([
  ['an error of our own', new TypeError('x is not a function'), true],
  ['Temporal being away', grpc(grpcStatus.UNAVAILABLE), true],
  ['a mistake of the caller', new CarillonError('not_found', 'there is none'), false],
  ['a caller who is too fast', new CarillonError('rate_limited', 'wait'), false],
])('tells the error sink of 5xx only: %s', async (_what, error, isTold) => {
  await answerTo(error);
  expect(reported).toEqual(isTold ? [{ error, where: 'request' }] : []);
});

/** An error as the Temporal SDK and gRPC make them. */
function grpc(code: grpcStatus): Error {
  return Object.assign(new Error('14 UNAVAILABLE: 10.0.0.7 refused'), {
    code,
    details: 'x',
    metadata: new Metadata(),
  });
}

async function failedConnection(): Promise<Error> {
  const connecting = mongoose
    .createConnection('mongodb://127.0.0.1:9/x', { serverSelectionTimeoutMS: 50 })
    .asPromise();
  return connecting.then(
    () => new Error('it connected'),
    (error: Error) => error,
  );
}

describe('an error of ours', () => {
  it('is answered with its code, its words and its places', async () => {
    const items = [{ path: 'to', message: 'is missing' }];
    const { status, body } = await answerTo(new CarillonError('validation_failed', 'to: is missing', items));
    expect({ status, body }).toEqual({
      status: 400,
      body: { detail: 'to: is missing', code: 'validation_failed', errors: items },
    });
  });

  it('has no list of places where none is meant', async () => {
    const { body } = await answerTo(new CarillonError('forbidden', 'not yours'));
    expect(body).toEqual({ detail: 'not yours', code: 'forbidden' });
  });

  it('says in whole seconds when to come again', async () => {
    const error = new CarillonError('rate_limited', 'too many', undefined, { retryAfterMs: 1200 });
    expect((await answerTo(error)).headers.get('retry-after')).toBe('2');
  });

  it('is no line in the log', async () => {
    await answerTo(new CarillonError('not_found', 'not found'));
    expect(logged).toEqual([]);
  });
});

describe('an error that nobody foresaw', () => {
  it('is answered without a word of what it is', async () => {
    const { status, body } = await answerTo(new Error('the table users has no column'));
    expect(status).toBe(500);
    expect(body).toEqual({ detail: 'something went wrong on our side', code: 'internal' });
  });

  it('is logged under the ID that the caller was given', async () => {
    const { headers } = await answerTo(new Error('no column'));
    expect(logged).toEqual([
      expect.objectContaining({
        msg: 'request failed',
        requestId: headers.get('x-request-id'),
        method: 'GET',
        err: expect.objectContaining({ message: 'no column' }),
      }),
    ]);
  });

  it('after the answer has begun cuts the connection, so that half an answer is none', async () => {
    const url = await serve((_request, response) => {
      response.write('{"half":');
      throw new Error('no column');
    });
    await expect(fetch(`${url}/thing`).then((response) => response.text())).rejects.toThrow();
  });

  it('keeps what was thrown as its cause, even where that is no error', () => {
    expect(translate('out of luck')).toMatchObject({ code: 'internal', cause: 'out of luck' });
  });
});

describe('a dependency that is away', () => {
  it('is answered with 503 and when to come again', async () => {
    const { status, headers, body } = await answerTo(grpc(grpcStatus.UNAVAILABLE));
    expect([status, headers.get('retry-after')]).toEqual([503, '2']);
    expect(body).toEqual({ detail: 'Temporal or MongoDB cannot be reached; try again', code: 'unavailable' });
  });

  it('is a warning in the log, with the reason', async () => {
    await answerTo(grpc(grpcStatus.UNAVAILABLE));
    expect(logged).toEqual([expect.objectContaining({ level: 'warn', msg: 'a dependency is away' })]);
  });

  it.each(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'CANCELLED'] as const)('is what Temporal calls %s', (name) => {
    expect(translate(grpc(grpcStatus[name])).code).toBe('unavailable');
  });

  it('is not what Temporal refuses', () => {
    expect(translate(grpc(grpcStatus.INVALID_ARGUMENT)).code).toBe('internal');
  });

  it('is a MongoDB that nobody finds', async () => {
    expect(translate(await failedConnection()).code).toBe('unavailable');
  });

  it.each([
    ['a broken connection', new mongo.MongoNetworkError('read ECONNRESET')],
    ['a client that is not connected', new mongo.MongoNotConnectedError('Client must be connected')],
    ['a closed topology', new mongo.MongoTopologyClosedError('closed')],
    ['a primary that has stepped down', labelled('RetryableWriteError')],
    ['a model before its connection', new Error('find() before initial connection is complete')],
    ['a pool that was cleared', new Error('connection 7 to 10.0.0.7:27017 closed')],
  ])('is %s', (_what, error) => {
    expect(translate(error).code).toBe('unavailable');
  });

  it('is not what MongoDB refuses', () => {
    expect(translate(new mongo.MongoServerError({ message: 'bad field', code: 9 })).code).toBe('internal');
  });

  it('is found however deeply the SDK has wrapped it', () => {
    const wrapped = new Error('start failed', {
      cause: new Error('call failed', { cause: grpc(grpcStatus.UNAVAILABLE) }),
    });
    expect(translate(wrapped).code).toBe('unavailable');
  });

  it('is not looked for without end where causes go in circles', () => {
    const first = new Error('first');
    first.cause = new Error('second', { cause: first });
    expect(translate(first).code).toBe('internal');
  });
});

function labelled(label: string): Error {
  const error = new mongo.MongoServerError({ message: 'not primary', code: 10_107 });
  error.addErrorLabel(label);
  return error;
}

describe('a request that cannot be read', () => {
  it.each([
    ['is not JSON', '{"to":', {}, 'is not valid JSON'],
    [
      'has a charset that is none',
      '{}',
      { 'content-type': 'application/json; charset=klingon' },
      'must be UTF-8',
    ],
    ['is packed strangely', '{}', { 'content-encoding': 'zip' }, 'must be sent plain, or with gzip'],
    ['says that it is packed and is not', '{}', { 'content-encoding': 'gzip' }, 'cannot be read'],
  ])('is answered with 400 when the body %s', async (_how, sent, headers, words) => {
    const { status, body } = await answerToBody(sent, headers);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'validation_failed', errors: [{ path: 'body' }] });
    expect((body as { detail: string }).detail).toContain(words);
  });

  it('is answered with 413 when it is too long', async () => {
    expect((await answerToBody(JSON.stringify({ text: 'x'.repeat(2000) }))).status).toBe(413);
  });

  it('is answered with 413 when it is too long once it is unpacked', async () => {
    const packed = gzipSync(JSON.stringify({ text: 'x'.repeat(50_000) }));
    expect((await answerToBody(packed, { 'content-encoding': 'gzip' })).status).toBe(413);
  });

  it('is answered with 400 when its path is not encoded rightly', async () => {
    const { hostname, port } = new URL(await serve(nothing));
    const request = send({ hostname, port, path: '/%zz' }).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(400);
    expect(JSON.parse(await text(response))).toMatchObject({ detail: 'path: is not valid percent-encoding' });
  });

  it('is answered with 404 where nothing takes it, and with what it asked for', async () => {
    const response = await fetch(`${await serve(nothing)}/no/where`, { method: 'DELETE' });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ detail: 'there is no DELETE /no/where', code: 'not_found' });
  });

  it('is answered with 404 where Express itself finds nothing', () => {
    const error = Object.assign(new Error('ENOENT, stat /srv/docs/x.js'), { status: 404 });
    expect(translate(error)).toMatchObject({ code: 'not_found', detail: 'not found' });
  });

  it('is our own fault where Express says so', () => {
    expect(translate(Object.assign(new Error('oh'), { status: 500 })).code).toBe('internal');
  });
});
