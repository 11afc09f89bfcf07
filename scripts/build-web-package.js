// `node scripts/build-web-package.js [folder]`: the npm package `@carillon/web`, its modules and their types, in
// dist/web-package unless told otherwise. `npm pack` or `npm publish` that folder.
import { execFileSync } from 'node:child_process';
import { copyFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(process.argv[2] ?? join(root, 'dist/web-package'));

await rm(folder, { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', join(root, 'web/tsconfig.package.json'), '--outDir', folder], {
  stdio: 'inherit',
});
for (const file of ['web/package.json', 'web/README.md', 'LICENSE'])
  await copyFile(join(root, file), join(folder, file.replace('web/', '')));
console.log(`@carillon/web is in ${folder}`);
