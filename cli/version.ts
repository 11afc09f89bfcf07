import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Of this Carillon: `0.1.0` */
export function ownVersion(): string {
  // From dist/cli/ as well as from cli/.
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const text = readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
      return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error('there is no package.json beside Carillon');
}
