import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Endpoints } from '../../embedded/endpoints.js';
import { poll } from '../../embedded/poll.js';
import { runToEnd } from '../../embedded/servers/run-to-end.js';
import { allGone, startEmbedded, type EmbeddedRun } from '../support/embedded-run.js';

/** What a newcomer does: `npm start`, then the printed example. Everything here is the real thing. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist/embedded/main.js');

// Each starts five processes, some twice, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 180_000 });

let dataFolder: string;
const runs: EmbeddedRun[] = [];

beforeAll(async () => {
  // As `npm start` does; nothing happens when the build is fresh.
  await runToEnd(process.execPath, ['scripts/build.js'], { cwd: root });
});

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'carillon-whole-'));
});

afterEach(async () => {
  for (const run of runs.splice(0)) await run.cleanUp();
  await rm(dataFolder, { recursive: true, force: true });
});

function start(): EmbeddedRun {
  const run = startEmbedded(main, dataFolder);
  runs.push(run);
  return run;
}

/** The command of the banner, as a person would copy it. */
async function runPrintedExample(run: EmbeddedRun): Promise<{ id: string }> {
  const [command] = /curl -X POST(?:.*\\\n)+.*/.exec(run.output) ?? [];
  const answer = await runToEnd('sh', [
    '-c',
    `${command?.replace('curl', 'curl --silent --fail-with-body')}`,
  ]);
  return z.object({ id: z.string(), status: z.literal('accepted') }).parse(JSON.parse(answer));
}

async function mailTo(address: string, endpoints: Endpoints): Promise<{ subject: string }> {
  const mails = z.array(z.object({ subject: z.string(), to: z.array(z.object({ address: z.string() })) }));
  return poll(
    async () => {
      const caught = mails.parse(await (await fetch(`${endpoints.mail}/api/email`)).json());
      return caught.find((mail) => mail.to.some((to) => to.address === address));
    },
    { withinMs: 30_000, what: `no mail to ${address} arrived` },
  );
}

async function statusOf(id: string, { api, apiKey }: Endpoints): Promise<number> {
  const headers = { authorization: `Bearer ${apiKey}`, 'x-tenant-id': 'demo' };
  return (await fetch(`${api}/v1/notifications/${id}`, { headers })).status;
}

describe('npm start', () => {
  it('prints an example that ends as a mail on the mail page', async () => {
    const run = start();
    const endpoints = await run.ready();
    await runPrintedExample(run);
    expect((await mailTo('ann@example.com', endpoints)).subject).toContain('NDA with Acme');
  });

  it('knows after a SIGKILL what it accepted before, and leaves nothing running', async () => {
    const first = start();
    const before = await first.ready();
    const { id } = await runPrintedExample(first);
    await mailTo('ann@example.com', before);
    const { children } = first.recorded();
    first.signal('SIGKILL');
    await allGone(children);

    const after = await start().ready();
    expect(await statusOf(id, after)).toBe(200);
    expect((await mailTo('ann@example.com', after)).subject).toContain('NDA with Acme');
  });
});
