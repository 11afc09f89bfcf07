import { Writable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { pollUntil } from '../../embedded/poll.js';
import { Progress } from '../../embedded/progress.js';

afterEach(() => vi.useRealTimers());

/** A place to write to, like a pipe or like a terminal of that many columns. */
function output(columns?: number) {
  const chunks: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      chunks.push(String(chunk));
      done();
    },
  });
  if (columns !== undefined) Object.assign(stream, { isTTY: true, columns });
  return { progress: new Progress(stream as unknown as NodeJS.WriteStream), text: () => chunks.join('') };
}

/** What a person sees on the terminal's last line. */
const lastLine = (text: string) => text.slice(text.lastIndexOf('\u001b[2K') + '\u001b[2K'.length);

/** Sets the clock forward; timers go on as before. */
function later(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
}

describe('progress in a file or a pipe', () => {
  it('is one line for each begin and each end', () => {
    const { progress, text } = output();
    const step = progress.step('MongoDB');
    step.done('mongodb://127.0.0.1:27117');
    expect(text()).toMatch(
      /^starting MongoDB …\nMongoDB ready in 0\.\d s, mongodb:\/\/127\.0\.0\.1:27117\n$/,
    );
  });

  it('holds nothing that moves a cursor', () => {
    const { progress, text } = output();
    const step = progress.step('MongoDB');
    step.update('downloading');
    progress.say('a word');
    step.failed();

    expect(text()).not.toMatch(/[\r\u001b]/);
  });

  it('tells how long it took until a step failed', () => {
    const { progress, text } = output();
    const step = progress.step('MongoDB');
    later(4200);
    step.failed();
    expect(text()).toMatch(/MongoDB failed after 4\.[23] s\n$/);
  });

  it('does not tell news that come right after a line', () => {
    const { progress, text } = output();
    progress.step('MongoDB').update('downloading, 1 %');
    expect(text()).toBe('starting MongoDB …\n');
  });

  it('tells the latest news after three seconds', () => {
    const { progress, text } = output();
    const step = progress.step('MongoDB');
    step.update('downloading, 1 %');
    later(3100);
    step.update('downloading, 34 %');
    expect(text()).toMatch(/\nMongoDB: downloading, 34 %\n$/);
  });

  it('does not repeat news that are none', () => {
    const { progress, text } = output();
    const step = progress.step('MongoDB');
    step.update('waiting');
    later(3100);
    step.update('waiting');
    expect(text()).not.toContain('waiting');
  });
});

describe('progress on a terminal', () => {
  it('has everything under way on one line, with what goes on', () => {
    const { progress, text } = output(80);
    progress.step('Temporal');
    const step = progress.step('MongoDB');
    step.update('downloading');
    progress.say('a word');
    expect(lastLine(text())).toBe('starting Temporal 0 s, MongoDB 0 s (downloading) …');
    step.done();
  });

  it('never writes beyond the edge, where the line would break and stay', () => {
    const { progress, text } = output(30);
    progress.step('Temporal').update('downloading something with a long name');
    progress.say('a word');
    expect(lastLine(text())).toHaveLength(29);
  });

  it('puts a line that stays where the moving one was, and the moving one below', () => {
    const { progress, text } = output(80);
    progress.step('Temporal');
    progress.say('first');
    progress.say('a word');
    expect(text()).toMatch(/\r\u001b\[2Ka word\n.*starting Temporal 0 s …$/s);
  });

  it('counts the seconds by itself', async () => {
    const { progress, text } = output(80);
    const step = progress.step('Temporal');
    await pollUntil(() => lastLine(text()).includes('starting Temporal 1 s'), {
      withinMs: 5000,
      what: 'the moving line did not move',
    });
    step.done();
  });

  it('leaves no moving line behind the last step', () => {
    const { progress, text } = output(80);
    progress.step('Temporal').done();
    expect(text()).toMatch(/Temporal ready in 0\.\d s\n$/);
  });

  it('goes on with the others when one of them ends', () => {
    const { progress, text } = output(80);
    const first = progress.step('Temporal');
    progress.step('MongoDB');
    first.done();
    expect(lastLine(text())).toBe('starting MongoDB 0 s …');
  });
});
