// Compiles the sources to dist/, bundles the workflows and what pages load. Does nothing when none of it changed since the
// last build, so that every `npm start`, `npm run api` and `npm run worker` can run it first.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const folders = [
  'contracts',
  'policy',
  'workflows',
  'activities',
  'channels',
  'templates',
  'models',
  'commands',
  'events',
  'cli',
  'api',
  'worker',
  'runtime',
  'embedded',
  'scripts',
  'bench',
];

const sources = await listSources(folders, (name) => name.endsWith('.ts'));
const webSources = await listSources(['web'], () => true);
const stamp = await hash([...sources, ...webSources, 'package-lock.json', 'scripts/build.js']);
const stampFile = join(dist, '.stamp');
if (existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === stamp) process.exit(0);

const startedMs = Date.now();
const { build } = await import('esbuild');
// Into a folder of its own, moved into place at the end: two processes that start together may both build.
const fresh = join(root, `.dist-${process.pid}`);
await build({
  absWorkingDir: root,
  entryPoints: sources,
  outdir: fresh,
  outbase: root,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
});
await buildWeb(join(fresh, 'web'));
const { bundleWorkflows } = await import(pathToFileURL(join(fresh, 'worker/bundle.js')).href);
for (const [isTraced, name] of [
  [false, 'workflow-bundle.js'],
  [true, 'workflow-bundle-traced.js'],
]) {
  const { code } = await bundleWorkflows(join(fresh, 'workflows/workflows.js'), isTraced);
  await writeFile(join(fresh, 'worker', name), code);
}
await writeFile(join(fresh, '.stamp'), stamp);
await moveIntoPlace();
console.log(`built in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);

async function moveIntoPlace() {
  const old = join(root, `.dist-${process.pid}-old`);
  try {
    if (existsSync(dist)) await rename(dist, old);
    await rename(fresh, dist);
  } catch (error) {
    // Another process was quicker; if it built the same, its result serves.
    if (!existsSync(stampFile) || (await readFile(stampFile, 'utf8')) !== stamp) throw error;
    await rm(fresh, { recursive: true, force: true });
  }
  await rm(old, { recursive: true, force: true });
}

/** What pages load: the elements and the client. */
async function buildWeb(outDir) {
  const { build: buildPages } = await import('vite');
  await buildPages({ configFile: join(root, 'web/vite.config.js'), build: { outDir } });
  await buildPages({
    configFile: join(root, 'web/console/vite.config.js'),
    build: { outDir: join(outDir, 'console') },
  });
}

async function listSources(from, isSource) {
  const found = [];
  for (const folder of from) {
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(
      absent,
    )) {
      if (entry.isFile() && isSource(entry.name)) found.push(join(entry.parentPath, entry.name));
    }
  }
  return found.map((path) => path.slice(root.length)).sort();
}

/** A folder may be left out of an image. */
function absent(error) {
  if (error.code === 'ENOENT') return [];
  throw error;
}

async function hash(paths) {
  const digest = createHash('sha256');
  for (const path of paths) digest.update(path).update(await readFile(join(root, path)));
  return digest.digest('hex');
}
