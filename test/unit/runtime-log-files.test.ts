import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pollUntil } from '../../embedded/poll.js';
import { inLogContext } from '../../runtime/log-context.js';
import { logDestination } from '../../runtime/log-destination.js';
import { createLogger } from '../../runtime/logger.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const settings = { CARILLON_LOG_FILE_MEGABYTES: 1, CARILLON_LOG_FILES: 2 };

describe('a log file', () => {
  it('is not there unless it is asked for', async () => {
    expect(await logDestination({ ...settings, CARILLON_LOG_FILE: undefined }, 'api')).toBeUndefined();
  });

  it('is followed by the next when it is full, masks what the log masks, and the oldest go', async () => {
    const path = join(folder, 'logs', 'carillon.log');
    const destination = await logDestination({ ...settings, CARILLON_LOG_FILE: path }, 'worker');
    // The level of a line decides where it goes; the test’s own standard output is to stay quiet.
    const log = createLogger({ level: 'info', name: 'worker' }, onlyFile(destination));
    const filling = 'x'.repeat(300_000);
    const names = () => readdir(join(folder, 'logs'));
    const isThirdThere = async () => (await names()).some((name) => /-worker\.[3-9]\.log$/.test(name));
    await pollUntil(
      async () => {
        log.info({ filling, email: 'ann@example.com' }, 'a long line');
        return isThirdThere();
      },
      { withinMs: 10_000, what: 'no third file', everyMs: 5 },
    );
    await pollUntil(async () => (await names()).length <= 2, { withinMs: 5000, what: 'old files stay' });
    for (const name of await names()) {
      expect(name).toMatch(/^carillon-worker\.\d+\.log$/);
      expect(await readFile(join(folder, 'logs', name), 'utf8')).not.toContain('ann@example.com');
    }
  });
});

/** The stream of the file alone, of those that a line goes to. */
function onlyFile(destination: unknown) {
  const { streams } = destination as { streams: { stream: { write(line: string): void; fd?: number } }[] };
  const file = streams.find(({ stream }) => stream.fd !== 1)?.stream;
  if (!file) throw new Error('no file');
  return file;
}

describe('a line of the log', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'info', name: 'test' }, { write: (line) => lines.push(line) });
  const last = () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>;

  it('says to what request or run it belongs', async () => {
    await inLogContext({ workflowId: 'notification/acme/n-1', activity: 'deliver' }, async () => {
      await Promise.resolve();
      log.info({ channel: 'email' }, 'delivered');
    });
    expect(last()).toMatchObject({
      workflowId: 'notification/acme/n-1',
      activity: 'deliver',
      channel: 'email',
    });
    log.info('outside');
    expect(last()).not.toHaveProperty('workflowId');
  });

  it('keeps what was said around it, and its own fields first', () => {
    inLogContext({ requestId: 'r-1' }, () =>
      inLogContext({ activity: 'plan' }, () => log.info({ requestId: 'r-2' }, 'told')),
    );
    expect(last()).toMatchObject({ requestId: 'r-2', activity: 'plan' });
  });
});
