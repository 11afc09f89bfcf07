import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Beside every script itself, so that nobody compresses it again and again; once no plugin changes it any more. */
export const compressed = {
  name: 'compressed',
  async writeBundle({ dir }, bundle) {
    for (const { fileName, type } of Object.values(bundle)) {
      if (type !== 'chunk') continue;
      const path = join(dir, fileName);
      await writeFile(`${path}.gz`, gzipSync(await readFile(path), { level: 9 }));
    }
  },
};
