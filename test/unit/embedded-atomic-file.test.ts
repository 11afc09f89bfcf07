import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeEach, describe, expect, it } from 'vitest';
import { createJson, replaceJson } from '../../embedded/atomic-file.js';
import { pollUntil } from '../../embedded/poll.js';
import { startProcess, temporaryFolder } from '../support/processes.js';

let folder: string;
let path: string;

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'thing.json');
});

const content = () => JSON.parse(readFileSync(path, 'utf8')) as unknown;

describe('a JSON file that is replaced', () => {
  it('holds the new content, and nothing stays beside it', () => {
    replaceJson(path, { version: 1 });
    replaceJson(path, { version: 2 });
    expect(content()).toEqual({ version: 2 });
    expect(readdirSync(folder)).toEqual(['thing.json']);
  });

  it('is readable by its owner only, even where it was readable by all', () => {
    writeFileSync(path, '{}', { mode: 0o644 });
    replaceJson(path, {});
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is not disturbed by what an earlier crash left half written', () => {
    replaceJson(path, { version: 1 });
    writeFileSync(`${path}.${process.pid}.new`, '{"version":');
    replaceJson(path, { version: 2 });
    expect(content()).toEqual({ version: 2 });
  });

  it('is whole when its writer is killed in the midst of writing', async () => {
    const program = join(folder, 'writer.mjs');
    await build({
      stdin: {
        contents: `
          import { replaceJson } from './embedded/atomic-file.js';
          for (let version = 1; ; version += 1) {
            replaceJson(${JSON.stringify(path)}, { version, padding: 'x'.repeat(200_000) });
            if (version === 5) console.log('writing');
          }`,
        resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: program,
    });
    const writer = startProcess(process.execPath, [program]);
    await pollUntil(() => writer.output() !== '', { withinMs: 20_000, what: 'nothing was written' });
    const ended = once(writer.child, 'exit');
    writer.child.kill('SIGKILL');
    await ended;
    expect(content()).toMatchObject({ padding: 'x'.repeat(200_000) });
  });
});

describe('a JSON file that is created', () => {
  it('is created once: the second one is told, and changes nothing', () => {
    expect(createJson(path, { by: 'the first' })).toBe(true);
    expect(createJson(path, { by: 'the second' })).toBe(false);
    expect(content()).toEqual({ by: 'the first' });
  });

  it('is readable by its owner only', () => {
    createJson(path, {});
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('leaves nothing beside it, whether it was created or not', () => {
    createJson(path, {});
    createJson(path, {});
    expect(readdirSync(folder)).toEqual(['thing.json']);
  });

  it('is not taken for created where a folder has its name', () => {
    mkdirSync(path);
    expect(createJson(path, {})).toBe(false);
  });

  it('fails where there is no folder for it', () => {
    expect(() => createJson(join(folder, 'nowhere', 'thing.json'), {})).toThrow('ENOENT');
  });
});
