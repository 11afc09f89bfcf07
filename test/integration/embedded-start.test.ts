import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import mongoose from 'mongoose';
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Endpoints } from '../../embedded/endpoints.js';
import { poll } from '../../embedded/poll.js';
import { identify, isRunning } from '../../embedded/process-identity.js';
import { startDurableMongo } from '../support/servers.js';
import { allGone, buildEmbedded, EmbeddedRun, startEmbedded } from '../support/embedded-run.js';

/*
 * The real embedded default with the real Temporal, MongoDB and mail catcher. The API and the worker are stand-ins, so
 * that what fails here is the embedded default's fault.
 */

let main: string;
// Each starts five processes, some twice, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 180_000 });

beforeAll(async () => {
  main = await buildEmbedded();
  return () => rm(dirname(dirname(dirname(dirname(main)))), { recursive: true, force: true });
});

async function things(uri: string) {
  const client = await mongoose.mongo.MongoClient.connect(uri, { serverSelectionTimeoutMS: 10_000 });
  onTestFinished(() => client.close());
  return client.db().collection<{ _id: string }>('things');
}

/** The processes that a run has started but not recorded: its guard. */
async function guardOf(run: EmbeddedRun): Promise<number> {
  const children = await readFile(`/proc/${run.pid}/task/${run.pid}/children`, 'utf8');
  for (const pid of children.trim().split(' ').map(Number)) {
    if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('carillon-guard')) return pid;
  }
  throw new Error('the run has no guard');
}

/** A data folder for the tests of one `describe`, whose runs follow each other on it. */
function sharedFolder(): { start: (env?: NodeJS.ProcessEnv) => EmbeddedRun; path: () => string } {
  const runs: EmbeddedRun[] = [];
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'carillon-shared-'));
    return async () => {
      for (const run of runs) await run.cleanUp();
      await rm(folder, { recursive: true, force: true });
    };
  });
  return {
    path: () => folder,
    start: (env) => {
      const run = startEmbedded(main, folder, env);
      runs.push(run);
      return run;
    },
  };
}

describe('the embedded default, from its start to its end', () => {
  const { start, path } = sharedFolder();
  const stranger = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  let run: EmbeddedRun;
  let endpoints: Endpoints;

  beforeAll(async () => {
    const child = { title: 'MongoDB', pid: stranger.pid, mark: 'an earlier boot/1' };
    await writeFile(
      join(path(), 'run.json'),
      JSON.stringify({ owner: { pid: process.pid, mark: 'an earlier boot/2' }, children: [child] }),
    );
    run = start();
    endpoints = await run.ready();
    return () => void stranger.kill();
  });

  it('never touches a stranger who has got a recorded process’s number', () => {
    expect(identify(stranger.pid ?? 0)).toBeDefined();
  });

  it('starts everything and says where it is', async () => {
    expect(await (await fetch(`${endpoints.temporalUi}/`)).text()).toContain('<html');
    const page = await fetch(endpoints.mail ?? '', { headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
    for (const url of [endpoints.api, endpoints.temporalUi, endpoints.mail, endpoints.mongodb]) {
      expect(run.output).toContain(String(url));
    }
    expect(run.output).toContain(`Authorization: Bearer ${endpoints.apiKey}`);
    expect((await stat(join(path(), 'endpoints.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(path(), 'keys.json'))).mode & 0o777).toBe(0o600);
    expect(
      run
        .recorded()
        .children.map(({ title }) => title)
        .sort(),
    ).toEqual(['API', 'Mail catcher', 'MongoDB', 'Temporal', 'Worker']);
  });

  it('gives every child a process group of its own, out of reach of the terminal', async () => {
    for (const { pid } of run.recorded().children) {
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ');
      expect(Number(fields?.[2])).toBe(pid);
    }
  });

  it('refuses a second start on the same data folder and names the first', async () => {
    const second = start();
    expect((await second.ended()).code).toBe(1);
    expect(second.output).toContain(endpoints.api);
    expect(second.output).toContain(String(run.pid));
    expect((await fetch(`${endpoints.api}/health/ready`)).status).toBe(200);
  });

  it('ends everything on Ctrl-C', async () => {
    const { children } = run.recorded();
    run.signal('SIGINT');
    expect(await run.ended()).toEqual({ code: 0, signal: null });
    expect(children.some(isRunning)).toBe(false);
    expect(existsSync(join(path(), 'endpoints.json'))).toBe(false);
    expect(existsSync(join(path(), 'run.json'))).toBe(false);
    expect(await readFile(join(path(), 'logs/worker.log'), 'utf8')).toContain('worker drained');
    expect(run.output).not.toContain('killed');
  });

  it('will not make new keys beside data that were sealed with lost ones', async () => {
    await rm(join(path(), 'keys.json'));
    const next = start();
    expect((await next.ended()).code).toBe(1);
    expect(next.output).toContain('Put the file back');
  });
});

describe('the embedded default that is killed', () => {
  const { start } = sharedFolder();
  let run: EmbeddedRun;
  let endpoints: Endpoints;

  beforeAll(async () => {
    run = start();
    endpoints = await run.ready();
  });

  it('has posted a new guard where its guard was killed before, and leaves nothing running', async () => {
    const { children } = run.recorded();
    const killed = await guardOf(run);
    process.kill(killed, 'SIGKILL');
    await poll(async () => (await guardOf(run).catch(() => killed)) !== killed || undefined, {
      withinMs: 5000,
      what: 'no new guard was posted',
    });
    await (await things(endpoints.mongodb)).insertOne({ _id: 'kept' }, { writeConcern: { w: 'majority' } });
    run.signal('SIGKILL');
    await run.ended();
    await allGone(children);
  });

  it('finds its data and keys at the next start', async () => {
    run = start();
    const after = await run.ready();
    expect(after.apiKey).toBe(endpoints.apiKey);
    expect(await (await things(after.mongodb)).countDocuments()).toBe(1);
  });

  it('ends what a crash left when the guard died in it too', async () => {
    const { children } = run.recorded();
    const guard = await guardOf(run);
    // Held still, so that it dies before it can do anything about the other death.
    process.kill(guard, 'SIGSTOP');
    run.signal('SIGKILL');
    process.kill(guard, 'SIGKILL');
    await run.ended();
    expect(children.every(isRunning)).toBe(true);

    const next = start();
    await next.ready();
    expect(next.output).toContain('The last run did not end cleanly');
    expect(children.some(isRunning)).toBe(false);
  });
});

describe('the embedded default', () => {
  let dataFolder: string;
  const runs: EmbeddedRun[] = [];

  beforeEach(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'carillon-embedded-'));
  });

  afterEach(async () => {
    for (const run of runs.splice(0)) await run.cleanUp();
    await rm(dataFolder, { recursive: true, force: true });
  });

  function start(env: NodeJS.ProcessEnv = {}): EmbeddedRun {
    const run = startEmbedded(main, dataFolder, env);
    runs.push(run);
    return run;
  }

  it('stops in order when Ctrl-C comes while it is starting', async () => {
    const run = start();
    await run.says('starting');
    run.signal('SIGINT');
    expect((await run.ended()).code).toBe(0);
    expect(existsSync(join(dataFolder, 'run.json'))).toBe(false);
  });

  it('tells the end of the log when something ends while it is starting', async () => {
    const run = start({ MONGODB_URI: 'mongodb://user@[nonsense' });
    expect((await run.ended()).code).toBe(1);
    expect(run.output).toMatch(/API ended while it was starting \(code 1\)[^]*api\.log[^]*Mongo/);
  });

  it('uses the servers that the environment names instead of starting its own', async () => {
    const mongo = await startDurableMongo();
    onTestFinished(mongo.stop);
    const run = start({ MONGODB_URI: mongo.uri, SMTP_URL: 'smtp://127.0.0.1:9' });
    const endpoints = await run.ready();
    expect(endpoints).toMatchObject({ mongodb: mongo.uri, smtp: 'smtp://127.0.0.1:9', mail: null });
    expect(run.recorded().children.map(({ title }) => title)).not.toContain('MongoDB');
    expect(run.recorded().children.map(({ title }) => title)).not.toContain('Mail catcher');
  });

  it('stops when the npm that runs it is killed', async () => {
    await writeFile(
      join(dataFolder, 'package.json'),
      JSON.stringify({ scripts: { start: `true && ${process.execPath} ${main}` } }),
    );
    const run = new EmbeddedRun('npm', ['start'], dataFolder, { cwd: dataFolder });
    await run.ready();
    const { owner, children } = run.recorded();
    run.signal('SIGKILL');
    await run.ended();
    await allGone([owner, ...children]);
    expect(existsSync(join(dataFolder, 'run.json'))).toBe(false);
  });
});

describe('the embedded default whose children die', () => {
  const { start } = sharedFolder();
  let run: EmbeddedRun;
  let api: string;

  beforeAll(async () => {
    run = start();
    ({ api } = await run.ready());
  });

  it.each(['Worker', 'API', 'Temporal', 'MongoDB', 'Mail catcher'])('starts again: %s', async (title) => {
    const find = () => run.recorded().children.find((child) => child.title === title);
    const dead = find();
    process.kill(dead?.pid ?? 0, 'SIGKILL');
    await run.says(`${title} ended unexpectedly (SIGKILL); starting it again in 0.5 s`);
    await poll(() => [find()].find((child) => child && child.pid !== dead?.pid), {
      withinMs: 10_000,
      what: 'it did not come back',
    });
    await poll(async () => (await fetch(`${api}/health/ready`).catch(() => undefined))?.ok || undefined, {
      withinMs: 20_000,
      what: 'the API did not become ready again',
    });
  });

  it('leaves nothing running when it is killed itself', async () => {
    const { children } = run.recorded();
    run.signal('SIGKILL');
    await run.ended();
    await allGone(children);
  });
});
