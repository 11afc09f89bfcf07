import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import express from 'express';
import helmet from 'helmet';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { webFiles } from '../../api/web-files.js';

let folder: string;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'web-files-'));
  await mkdir(join(folder, 'web'));
  await writeFile(join(folder, 'carillon.js'), "import './web/list-1a2b3c4d.js';");
  await writeFile(join(folder, 'web/list-1a2b3c4d.js'), 'export {};');
  await writeFile(join(folder, 'web/list-1a2b3c4d.js.gz'), gzipSync('export {};'));
  await writeFile(join(folder, 'secret.js'), '');
  const app = express().use(helmet(), webFiles(folder));
  server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** Without what a client of its own adds. */
function get(
  path: string,
  headers: Record<string, string> = {},
): Promise<IncomingMessage & { text: string }> {
  return new Promise((resolve, reject) => {
    request(url + path, { headers }, (response) => {
      buffer(response).then((body) => {
        const isCompressed = response.headers['content-encoding'] === 'gzip';
        resolve(Object.assign(response, { text: (isCompressed ? gunzipSync(body) : body).toString() }));
      }, reject);
    })
      .on('error', reject)
      .end();
  });
}

it('may be loaded by pages of any origin', async () => {
  for (const path of ['/carillon.js', '/web/list-1a2b3c4d.js']) {
    const { statusCode, headers } = await get(path);
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'content-type': 'text/javascript; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
  }
});

it('comes compressed to those who take that', async () => {
  const plain = await get('/web/list-1a2b3c4d.js');
  expect(plain.headers).toMatchObject({ vary: 'Accept-Encoding' });
  expect(plain.headers).not.toHaveProperty('content-encoding');
  const compressed = await get('/web/list-1a2b3c4d.js', { 'accept-encoding': 'br, gzip' });
  expect(compressed.headers).toMatchObject({
    'content-encoding': 'gzip',
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'Accept-Encoding',
  });
  expect(compressed.text).toBe(plain.text);
  // What has none beside it comes as it is.
  const { text, headers } = await get('/carillon.js', { 'accept-encoding': 'gzip' });
  expect(headers).not.toHaveProperty('content-encoding');
  expect(text).toContain('import');
});

it('is asked for again each time and comes anew only where it changed', async () => {
  const { headers } = await get('/carillon.js');
  expect(headers['cache-control']).toBe('no-cache');
  const known = { 'if-none-match': headers.etag ?? '' };
  expect((await get('/carillon.js', known)).statusCode).toBe(304);
  await writeFile(join(folder, 'carillon.js'), "import './web/list-5e6f7a8b.js'; // newer");
  expect((await get('/carillon.js', known)).statusCode).toBe(200);
});

it('is kept where its name says what is in it', async () => {
  const { headers } = await get('/web/list-1a2b3c4d.js');
  expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

it.each([
  '/secret.js',
  '/web/none.js',
  '/web/',
  '/web/..%2fsecret.js',
  '/carillon-toasts.js',
  '/Carillon.js',
])('is not %s', async (path) => {
  for (const encoding of ['identity', 'gzip'])
    expect((await get(path, { 'accept-encoding': encoding })).statusCode).toBe(404);
});
