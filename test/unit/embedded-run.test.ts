import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AppScripts } from '../../embedded/apps.js';
import type { Endpoints } from '../../embedded/endpoints.js';
import { pollUntil } from '../../embedded/poll.js';
import { isRunning, type ProcessIdentity } from '../../embedded/process-identity.js';
import { runEmbedded } from '../../embedded/run.js';

/*
 * A whole start in this process, over servers that the environment names and nobody needs here: the API and the worker
 * are small programs of the test's own.
 */

/** Answers its health, and `status` to a new tenant; `/env` tells what it was given. */
const api = (status: number) => `
  import { createServer } from 'node:http';
  createServer((request, response) => {
    if (request.url === '/env') response.end(JSON.stringify(process.env));
    else response.writeHead(request.url === '/health/ready' ? 200 : ${status}).end('from the API');
  }).listen(Number(process.env.CARILLON_API_PORT), process.env.CARILLON_API_HOST);
  process.once('SIGTERM', () => process.exit(0));
`;
const line = (fields: object) => `console.log('${JSON.stringify(fields)}');`;
const stay = 'setInterval(() => undefined, 60_000);';
const worker = `${line({ level: 'info', msg: 'worker ready' })} ${stay}`;
const deafWorker = `process.on('SIGTERM', () => undefined); ${worker}`;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let folder: string;
let printed: string;
let listeners: NodeJS.SignalsListener[];

function prepare(): void {
  folder = mkdtempSync(join(tmpdir(), 'carillon-run-'));
  printed = '';
  listeners = signals.flatMap((signal) => process.listeners(signal));
  for (const [name, value] of Object.entries({
    CARILLON_DATA_DIR: join(folder, 'data'),
    CARILLON_API_PORT: '3450',
    TEMPORAL_ADDRESS: '127.0.0.1:9',
    MONGODB_URI: 'mongodb://root:hunter2@127.0.0.1:9/x',
    SMTP_URL: 'smtp://127.0.0.1:9',
    npm_lifecycle_event: undefined,
  })) {
    vi.stubEnv(name, value);
  }
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
}

function cleanUp(): void {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  for (const signal of signals) {
    for (const listener of process.listeners(signal)) {
      if (!listeners.includes(listener)) process.off(signal, listener);
    }
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Starts with these programs. The run ends with `signal`, or by itself when it fails. */
function start(apiScript: string, workerScript: string): Promise<void> {
  const scripts: AppScripts = { api: join(folder, 'api.mjs'), worker: join(folder, 'worker.mjs') };
  writeFileSync(scripts.api, apiScript);
  writeFileSync(scripts.worker, workerScript);
  const run = runEmbedded(scripts);
  // Looked at by the test when it comes to that.
  run.catch(() => undefined);
  return run;
}

const says = (text: string) =>
  pollUntil(() => printed.includes(text), { withinMs: 20_000, what: `it did not say "${text}"` });
const inFolder = (name: string) => join(folder, 'data', name);
const readJson = <T>(name: string) => JSON.parse(readFileSync(inFolder(name), 'utf8')) as T;
const recorded = () => readJson<{ children: (ProcessIdentity & { title: string })[] }>('run.json').children;
const stop = () => process.kill(process.pid, 'SIGTERM');

describe('a start of the embedded default', () => {
  let run: Promise<void>;

  beforeAll(async () => {
    prepare();
    run = start(
      api(201),
      `${line({ level: 'warn', msg: 'a dependency is away', err: { message: 'no route' } })} ${worker}`,
    );
    await says('Ctrl-C stops everything');
  });
  afterAll(async () => {
    stop();
    await run;
    cleanUp();
  });

  const given = async () => {
    const endpoints = readJson<Endpoints>('endpoints.json');
    return (await (await fetch(`${endpoints.api}/env`)).json()) as Record<string, string>;
  };

  it('tells where things are', () => {
    expect(printed).toContain(readJson<Endpoints>('endpoints.json').api);
  });

  it('shows no password of one’s own servers', () => {
    expect(printed).not.toContain('hunter2');
  });

  it('shows what the worker warns of', () => {
    expect(printed).toContain('[Worker] warn: a dependency is away (no route)');
  });

  it('runs nothing in place of the servers that the environment names', () => {
    expect(
      recorded()
        .map(({ title }) => title)
        .sort(),
    ).toEqual(['API', 'Worker']);
  });

  it('gives the API the addresses of those servers', async () => {
    expect(await given()).toMatchObject({
      TEMPORAL_ADDRESS: '127.0.0.1:9',
      MONGODB_URI: 'mongodb://root:hunter2@127.0.0.1:9/x',
      SMTP_URL: 'smtp://127.0.0.1:9',
      TEMPORAL_UI_URL: '',
    });
  });

  it('gives the API the keys of the data folder', async () => {
    const keys = readJson<{ keys: string; bootstrapKey: string }>('keys.json');
    expect(await given()).toMatchObject({
      CARILLON_KEYS: keys.keys,
      CARILLON_BOOTSTRAP_KEY: keys.bootstrapKey,
    });
  });

  it('refuses a second one on the same data folder', async () => {
    await expect(start(api(201), worker)).rejects.toThrow(/already runs on .*Its API is http/);
  });
});

describe('the end of the embedded default', () => {
  beforeEach(prepare);
  afterEach(cleanUp);

  async function running(apiScript = api(201), workerScript = worker) {
    const run = start(apiScript, workerScript);
    await says('Ctrl-C stops everything');
    return { run, children: recorded() };
  }

  it('leaves nothing running and nothing that says so', async () => {
    const { run, children } = await running();
    stop();
    await run;
    expect(children.some(isRunning)).toBe(false);
    expect([existsSync(inFolder('run.json')), existsSync(inFolder('endpoints.json'))]).toEqual([
      false,
      false,
    ]);
  });

  it('says why, and when it is done', async () => {
    const { run } = await running();
    stop();
    await run;
    expect(printed).toMatch(/stopping \(SIGTERM\) …\nstopped\n$/);
  });

  it('comes at once when somebody insists', async () => {
    vi.stubEnv('CARILLON_DRAIN_SECONDS', '600');
    const { run, children } = await running(api(201), deafWorker);
    await pollUntil(
      () => {
        stop();
        return printed.includes('killing everything');
      },
      { withinMs: 20_000, what: 'nobody understood that it is urgent' },
    );
    await run;
    expect(children.some(isRunning)).toBe(false);
  });

  it('comes in order while things are still starting', async () => {
    const run = start(api(201), stay);
    await says('starting Worker');
    await pollUntil(() => recorded().length === 2, { withinMs: 10_000, what: 'nothing was started' });
    const children = recorded();
    stop();
    await run;
    expect(children.some(isRunning)).toBe(false);
  });
});

describe('a start that fails', () => {
  beforeEach(prepare);
  afterEach(cleanUp);

  it('says why when a program ends', async () => {
    await expect(start(`console.error('the reason'); process.exit(3);`, worker)).rejects.toThrow(
      /API ended while it was starting \(code 3\)[^]*the reason/,
    );
    expect(printed).toMatch(/API failed after \d/);
  });

  it('says why when the API refuses its first call', async () => {
    await expect(start(api(500), worker)).rejects.toThrow(/answered 500 .*from the API/);
  });

  it.each([
    ['MONGODB_URI', 'MongoDB', /install MongoDB 6\.0 or newer/],
    ['TEMPORAL_ADDRESS', 'Temporal', /install the Temporal CLI/],
  ])('says what to do when a server is to be had nowhere: %s', async (name, title, advice) => {
    // An empty cache, no PATH, and nobody who answers where the vendors are looked for.
    vi.stubEnv(name, undefined);
    vi.stubEnv('CARILLON_CACHE_DIR', join(folder, 'cache'));
    vi.stubEnv('PATH', join(folder, 'empty'));
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9');
    vi.stubEnv('MONGOMS_DOWNLOAD_MIRROR', 'https://127.0.0.1:9');
    vi.stubEnv('MONGOMS_MAX_RETRIES', '1');
    await expect(start(api(201), worker)).rejects.toThrow(advice);
    expect(printed).toContain(`${title} failed after`);
  });

  it('leaves nothing running and nothing that says so', async () => {
    await expect(start(`process.exit(3);`, worker)).rejects.toThrow('API ended');
    expect(existsSync(inFolder('run.json'))).toBe(false);
    expect(existsSync(inFolder('endpoints.json'))).toBe(false);
  });
});

describe('a start beside another program', () => {
  beforeEach(prepare);
  afterEach(cleanUp);

  it('moves the API to the next free port, and says so', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const taken = (other.address() as AddressInfo).port;
    vi.stubEnv('CARILLON_API_PORT', String(taken));
    const run = start(api(201), worker);
    await says('Ctrl-C stops everything');
    const { port } = new URL(readJson<Endpoints>('endpoints.json').api);
    stop();
    await run;
    other.close();
    expect(printed).toContain(`Port ${taken} is taken, so the API takes ${port}.`);
  });
});
