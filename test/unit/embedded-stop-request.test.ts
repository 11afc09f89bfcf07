import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { pollUntil } from '../../embedded/poll.js';
import { StopRequest } from '../../embedded/stop-request.js';
import { printedPid, startProcess } from '../support/processes.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let insisted: number;

beforeEach(() => {
  insisted = 0;
  vi.stubEnv('npm_lifecycle_event', undefined);
  const before = signals.map((signal) => process.listeners(signal));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    for (const [index, signal] of signals.entries()) {
      for (const listener of process.listeners(signal)) {
        if (!before[index]?.includes(listener)) process.off(signal, listener);
      }
    }
  });
});

const request = () => new StopRequest(() => (insisted += 1));

describe('a request to stop', () => {
  it.each(signals)('is %s', async (signal) => {
    const { requested } = request();
    process.kill(process.pid, signal);
    expect(await requested).toBe(signal);
  });

  it('is made once: what npm passes on right after a Ctrl-C is no second wish', async () => {
    const { requested } = request();
    process.kill(process.pid, 'SIGINT');
    await requested;
    let isThere = false;
    process.once('SIGINT', () => (isThere = true));
    process.kill(process.pid, 'SIGINT');
    await pollUntil(() => isThere, { withinMs: 1000, what: 'the signal did not come' });
    expect(insisted).toBe(0);
  });

  it('is urgent when a signal comes again later', async () => {
    const { requested } = request();
    process.kill(process.pid, 'SIGINT');
    await requested;
    await pollUntil(
      () => {
        process.kill(process.pid, 'SIGTERM');
        return insisted > 0;
      },
      { withinMs: 10_000, what: 'nobody understood that it is urgent' },
    );
  });

  it('is the end of the npm that started us', async () => {
    const npm = startProcess('sh', ['-c', 'sleep 600 & echo $!; wait'], { argv0: 'npm start' });
    vi.spyOn(process, 'ppid', 'get').mockReturnValue(await printedPid(npm));
    vi.stubEnv('npm_lifecycle_event', 'start');
    const { requested } = request();
    npm.child.kill('SIGKILL');
    expect(await requested).toBe('npm has ended');
  });
});
