import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const installed = join(root, 'node_modules');

interface Manifest {
  name: string;
  version: string;
  exports: Record<string, string | { types: string; default: string }>;
  dependencies: Record<string, string>;
}

let place: string;
let packageFolder: string;
let manifest: Manifest;

/** A project beside which nothing of this one is: the package as it would be installed, and what it depends on. */
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'carillon-web-'));
  await run(process.execPath, [join(root, 'scripts/build-web-package.js'), join(place, 'built')]);
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', place], {
    cwd: join(place, 'built'),
  });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  packageFolder = join(place, 'node_modules/@carillon/web');
  await mkdir(packageFolder, { recursive: true });
  await run('tar', ['-xzf', join(place, filename), '--strip-components=1', '-C', packageFolder]);
  manifest = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as Manifest;
  for (const name of [...Object.keys(manifest.dependencies), 'react', 'react-dom', '@types']) {
    const target = join(place, 'node_modules', name);
    await mkdir(join(target, '..'), { recursive: true });
    await symlink(join(installed, name), target);
  }
  for (const example of ['react', 'own-inbox'])
    await cp(join(root, 'docs/examples', example), join(place, example), { recursive: true });
});
afterAll(() => rm(place, { recursive: true, force: true }));

/** The modules that a page's bundle is made of. */
async function bundle(folder: string): Promise<string[]> {
  const { output } = (await build({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    build: { write: false, modulePreload: false },
  })) as Rolldown.RolldownOutput;
  return output.flatMap((one) => (one.type === 'chunk' ? one.moduleIds : []));
}

describe('the package', () => {
  it('is of this version and depends on what this project does', async () => {
    const own = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
    expect(manifest.name).toBe('@carillon/web');
    expect(manifest.version).toBe(own.version);
    for (const [name, range] of Object.entries(manifest.dependencies))
      expect(own.dependencies[name]).toBe(range);
  });

  it('has every file that it exports, with its types, and no sources', async () => {
    const files = new Set(await readdir(packageFolder, { recursive: true }));
    for (const { types, default: script } of Object.values(manifest.exports).filter(
      (one) => typeof one !== 'string',
    )) {
      expect(files).toContain(types.slice(2));
      expect(files).toContain(script.slice(2));
    }
    expect([...files].filter((file) => /(?<!\.d)\.ts$|demo|tsconfig|vite/.test(file))).toEqual([]);
    expect(files).toContain('LICENSE');
  });

  it('runs in Node, where there is nothing to draw on', async () => {
    const script = `import { CarillonClient, InboxStore } from '@carillon/web/client';
      const client = new CarillonClient({ url: 'http://127.0.0.1:1', token: 'none' });
      console.log(client.status, new InboxStore(client).state.items.length);`;
    await writeFile(join(place, 'script.mjs'), script);
    expect((await run(process.execPath, ['script.mjs'], { cwd: place })).stdout).toBe('idle 0\n');
  });
});

it('knows the elements, their properties and events, in the page, in JSX and in the examples', async () => {
  const page = `import { connect, CarillonError, type Item } from '@carillon/web';
    import '@carillon/web/toasts';
    import '@carillon/web/preferences';
    const client = connect({ url: 'https://notify.example.com', token: async () => 'token' });
    const bell = document.querySelector('carillon-bell')!;
    bell.client = client;
    const shown: number = document.createElement('carillon-toasts').timeout;
    const titles: Promise<string[]> = client.inbox({ filter: 'unread' }).then(({ items }) => items.map(({ title }) => title));
    client.on('created', ({ item }) => { const one: Item = item; void one; });
    client.on('error', (error) => { const known: CarillonError = error; void known; });
    // @ts-expect-error there is no such filter
    void client.inbox({ filter: 'starred' });
    // @ts-expect-error a token is needed
    connect({ url: 'https://notify.example.com' });
    void [shown, titles];`;
  const jsx = `import type {} from '@carillon/web/react';
    export const right = <carillon-toasts timeout={1000} position="top-left" class="mine" />;
    // @ts-expect-error a number
    export const wrong = <carillon-toasts timeout="soon" />;
    // @ts-expect-error there is no such element
    export const none = <carillon-chime />;`;
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    module: 'esnext',
    moduleResolution: 'bundler',
    jsx: 'react-jsx',
    strict: true,
    noEmit: true,
    types: [],
  };
  const include = ['page.ts', 'jsx.tsx', 'react/*', 'own-inbox/*'];
  await writeFile(join(place, 'page.ts'), page);
  await writeFile(join(place, 'jsx.tsx'), jsx);
  await writeFile(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, include }));
  const tsc = run(process.execPath, [join(installed, 'typescript/bin/tsc'), '-p', place]);
  expect(await tsc.catch(({ stdout }: { stdout: string }) => ({ stdout }))).toMatchObject({ stdout: '' });
});

describe('an example', () => {
  it('in React is built', async () => {
    const modules = await bundle(join(place, 'react'));
    for (const part of ['react-dom', 'elements/bell/', 'elements/toasts/', 'client/inbox-store'])
      expect(
        modules.some((module) => module.includes(part)),
        part,
      ).toBe(true);
  });

  it('of an inbox of one’s own is built, without any element', async () => {
    const modules = await bundle(join(place, 'own-inbox'));
    expect(modules.some((module) => module.includes('client/inbox-store'))).toBe(true);
    expect(modules.filter((module) => /\/lit|elements\//.test(module))).toEqual([]);
  });
});
