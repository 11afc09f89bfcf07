import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { watchNpm } from '../../embedded/npm-parent.js';
import { pollUntil } from '../../embedded/poll.js';
import { printedPid, startProcess } from '../support/processes.js';

afterEach(() => vi.restoreAllMocks());

const underNpm = { npm_lifecycle_event: 'start' };

/** Watches as if the process of that number had started this one. */
function watchUnder(parent: number, env: NodeJS.ProcessEnv = underNpm) {
  const ppid = vi.spyOn(process, 'ppid', 'get').mockReturnValue(parent);
  const seen = { times: 0, ppid };
  const stop = watchNpm(() => (seen.times += 1), env);
  onTestFinished(stop);
  return { seen, stop };
}

const happens = (check: () => boolean) =>
  pollUntil(check, { withinMs: 5000, what: 'the end was not noticed' });

/** A program called npm that has started a shell. */
async function npmAndItsShell(words: string) {
  const npm = startProcess('sh', ['-c', 'sleep 600 & echo $!; wait'], { argv0: words });
  return { npm, shell: await printedPid(npm) };
}

describe('under npm', () => {
  it.each(['npm start', 'npm', '/usr/lib/node_modules/npm/bin/npm-cli.js'])(
    'the death of %s is noticed, though the shell between lives on',
    async (words) => {
      const { npm, shell } = await npmAndItsShell(words);
      const { seen } = watchUnder(shell);
      npm.child.kill('SIGKILL');
      await happens(() => seen.times > 0);
    },
  );

  it('the death of the shell between is noticed', async () => {
    const { shell } = await npmAndItsShell('npm start');
    const { seen } = watchUnder(shell);
    process.kill(shell, 'SIGKILL');
    await happens(() => seen.times > 0);
  });

  it('it is noticed when another process has become the parent', async () => {
    const { shell } = await npmAndItsShell('npm start');
    const { seen } = watchUnder(shell);
    seen.ppid.mockReturnValue(1);
    await happens(() => seen.times > 0);
  });

  it('the parent is watched where npm is too far away to be seen', async () => {
    const scripts = ['sh -c "$1" inner "$2" & wait', 'sh -c "$1" & wait', 'sleep 600 & echo $!; wait'];
    const [outermost = '', ...within] = scripts;
    const outer = startProcess('sh', ['-c', outermost, 'outer', ...within]);
    const parent = await printedPid(outer);
    const { seen } = watchUnder(parent);
    process.kill(parent, 'SIGKILL');
    await happens(() => seen.times > 0);
  });

  it('nothing is told after the watch was ended', async () => {
    const { npm, shell } = await npmAndItsShell('npm start');
    const ended = watchUnder(shell);
    const going = watchUnder(shell);
    ended.stop();
    npm.child.kill('SIGKILL');
    await happens(() => going.seen.times > 0);
    expect(ended.seen.times).toBe(0);
  });

  it('nothing is watched when it was not npm that started us', async () => {
    const { npm, shell } = await npmAndItsShell('npm start');
    const outside = watchUnder(shell, {});
    const inside = watchUnder(shell);
    npm.child.kill('SIGKILL');
    await happens(() => inside.seen.times > 0);
    expect(outside.seen.times).toBe(0);
  });
});
