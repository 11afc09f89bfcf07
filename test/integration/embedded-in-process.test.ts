import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Endpoints } from '../../embedded/endpoints.js';
import { pollUntil } from '../../embedded/poll.js';
import { isRunning, type ProcessIdentity } from '../../embedded/process-identity.js';
import { runEmbedded } from '../../embedded/run.js';
import { buildEmbedded } from '../support/embedded-run.js';

/*
 * The embedded default inside this process, with the real servers: what `embedded-start.test.ts` sees from outside. The
 * API and the worker are stand-ins.
 */

vi.setConfig({ hookTimeout: 240_000 });

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let folder: string;
let build: string;
let printed = '';
let run: Promise<void>;
let endpoints: Endpoints;
let listeners: NodeJS.SignalsListener[];
let children: (ProcessIdentity & { title: string })[];

const readJson = <T>(name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;

beforeAll(async () => {
  const main = await buildEmbedded();
  const apps = dirname(main);
  build = dirname(dirname(dirname(apps)));
  folder = mkdtempSync(join(tmpdir(), 'carillon-inside-'));
  listeners = signals.flatMap((signal) => process.listeners(signal));
  vi.stubEnv('CARILLON_DATA_DIR', folder);
  vi.stubEnv('CARILLON_API_PORT', '3500');
  vi.stubEnv('npm_lifecycle_event', undefined);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  let failure: unknown;
  run = runEmbedded({ api: join(apps, 'api.js'), worker: join(apps, 'worker.js') });
  run.catch((error: unknown) => (failure = error));
  await pollUntil(
    () => {
      if (failure instanceof Error) throw failure;
      return printed.includes('Carillon is ready');
    },
    { withinMs: 200_000, what: 'Carillon was not ready' },
  );
  endpoints = readJson('endpoints.json');
  ({ children } = readJson<{ children: typeof children }>('run.json'));
});

afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  for (const signal of signals) {
    for (const listener of process.listeners(signal)) {
      if (!listeners.includes(listener)) process.off(signal, listener);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  rmSync(build, { recursive: true, force: true });
});

describe('the embedded default with its own servers', () => {
  it('runs one of each', () => {
    expect(children.map(({ title }) => title).sort()).toEqual([
      'API',
      'Mail catcher',
      'MongoDB',
      'Temporal',
      'Worker',
    ]);
  });

  it('has a MongoDB that takes transactions where it says', async () => {
    const client = await mongoose.mongo.MongoClient.connect(endpoints.mongodb);
    const tenants = client.db().collection<{ _id: string }>('tenants');
    const found = await client.withSession((session) =>
      session.withTransaction(() => tenants.countDocuments({}, { session })),
    );
    await client.close();
    expect(found).toBe(1);
  });

  it.each(['temporalUi', 'mail'] as const)('has a page where it says: %s', async (name) => {
    const page = await fetch(endpoints[name] ?? '', { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('<html');
  });

  it('tells of each server how long it took', () => {
    for (const title of ['MongoDB', 'Temporal', 'Mail catcher', 'API', 'Worker']) {
      expect(printed).toMatch(new RegExp(`${title} ready in \\d+\\.\\d s`));
    }
  });

  // The last one: it ends what the others look at.
  it('ends everything when it is told to stop', async () => {
    process.kill(process.pid, 'SIGTERM');
    await run;
    expect(children.some(isRunning)).toBe(false);
    expect(existsSync(join(folder, 'run.json'))).toBe(false);
  });
});
