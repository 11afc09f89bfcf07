import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { beforeAll, expect, it } from 'vitest';

/** What `/carillon.js` and all that it loads by itself may weigh, compressed. */
const LIMIT_BYTES = 30 * 1024;
/** The same of the console, without its pages. */
const CONSOLE_BYTES = 30 * 1024;

type Chunk = Rolldown.OutputChunk;
let chunks: Map<string, Chunk>;

beforeAll(async () => {
  const configFile = fileURLToPath(new URL('../../web/vite.config.js', import.meta.url));
  const { output } = (await build({ configFile, build: { write: false } })) as Rolldown.RolldownOutput;
  chunks = new Map(output.filter((one) => one.type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
});

/** A script and everything that it imports, not what it may import later. */
function loadedBy(name: string, found = new Set<string>()): Chunk[] {
  const chunk = chunks.get(name);
  if (!chunk || found.has(name)) return [];
  found.add(name);
  return [chunk, ...chunk.imports.flatMap((imported) => loadedBy(imported, found))];
}

const modulesOf = (loaded: Chunk[]) => loaded.flatMap(({ moduleIds }) => moduleIds);

it('weighs at most 30 kB with the bell, the inbox, the client and Lit', () => {
  const loaded = loadedBy('carillon.js');
  const bytes = loaded.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0);
  process.stdout.write(
    `carillon.js loads ${loaded.length} files, ${bytes} of ${LIMIT_BYTES} bytes, compressed\n`,
  );
  const modules = modulesOf(loaded);
  for (const part of [
    'elements/bell/',
    'elements/inbox/',
    'client/inbox-store',
    'client/web-socket',
    '/lit-html',
  ])
    expect(
      modules.some((module) => module.includes(part)),
      part,
    ).toBe(true);
  expect(bytes).toBeLessThanOrEqual(LIMIT_BYTES);
});

it('leaves for later what not every page needs', () => {
  const modules = modulesOf(loadedBy('carillon.js'));
  for (const part of [
    'socket.io-client',
    'engine.io-client',
    'virtualizer/',
    'messages-fr',
    'elements/toasts/',
  ])
    expect(modules.filter((module) => module.includes(part))).toEqual([]);
});

it('shares the client and Lit between all entries', () => {
  const entries = ['carillon.js', 'carillon-toasts.js', 'carillon-preferences.js', 'carillon-all.js'];
  const loaded = new Set(entries.flatMap((entry) => loadedBy(entry)));
  const modules = modulesOf([...loaded]);
  expect(modules.filter((module) => module.endsWith('client/carillon-client.ts'))).toHaveLength(1);
  expect(modules.filter((module) => module.endsWith('lit-html/lit-html.js'))).toHaveLength(1);
});

it('makes no code out of text, and no style or script that a page’s policy would have to allow', () => {
  for (const { code, fileName } of chunks.values()) {
    if (fileName.startsWith('demo/')) continue;
    expect(code, fileName).not.toMatch(/\beval\(|new Function\(|insertAdjacentHTML|document\.write/);
  }
});

it('gives the console a build of its own, whose pages are loaded when they are opened', async () => {
  const configFile = fileURLToPath(new URL('../../web/console/vite.config.js', import.meta.url));
  const { output } = (await build({ configFile, build: { write: false } })) as Rolldown.RolldownOutput;
  const own = output.filter((one) => one.type === 'chunk');
  const entry = own.find(({ fileName }) => fileName === 'console.js');
  const first = [entry, ...own.filter(({ fileName }) => entry?.imports.includes(fileName))];
  const bytes = first.reduce((sum, chunk) => sum + gzipSync(chunk?.code ?? '', { level: 9 }).length, 0);
  process.stdout.write(
    `console.js loads ${first.length} files, ${bytes} of ${CONSOLE_BYTES} bytes, compressed\n`,
  );
  expect(bytes).toBeLessThanOrEqual(CONSOLE_BYTES);
  expect(entry?.moduleIds.filter((module) => module.includes('web/console/pages/'))).toEqual([]);
  expect(modulesOf([...chunks.values()]).filter((module) => module.includes('web/console/'))).toEqual([]);
  for (const { code, fileName } of own)
    expect(code, fileName).not.toMatch(/\beval\(|new Function\(|insertAdjacentHTML|document\.write/);
});
