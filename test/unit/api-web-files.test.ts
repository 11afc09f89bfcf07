import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

it('may be loaded by pages of any origin', async () => {
  for (const path of ['/carillon.js', '/web/list-1a2b3c4d.js']) {
    const { status, headers } = await fetch(url + path);
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});

it('is asked for again each time and comes anew only where it changed', async () => {
  const { headers } = await fetch(`${url}/carillon.js`);
  expect(headers.get('cache-control')).toBe('no-cache');
  const etag = headers.get('etag') ?? '';
  const again = await fetch(`${url}/carillon.js`, { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
  await writeFile(join(folder, 'carillon.js'), "import './web/list-5e6f7a8b.js'; // newer");
  expect((await fetch(`${url}/carillon.js`, { headers: { 'if-none-match': etag } })).status).toBe(200);
});

it('is kept where its name says what is in it', async () => {
  const { headers } = await fetch(`${url}/web/list-1a2b3c4d.js`);
  expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
});

it.each(['/secret.js', '/web/none.js', '/web/', '/web/..%2fsecret.js', '/carillon-toasts.js', '/Carillon.js'])(
  'is not %s',
  async (path) => {
    expect((await fetch(url + path)).status).toBe(404);
  },
);
