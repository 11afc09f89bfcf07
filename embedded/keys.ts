import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createJson } from './atomic-file.js';
import type { Settings } from './settings.js';

const kept = z.object({
  /** The key ring, as `CARILLON_KEYS` takes it. */
  keys: z.string().min(1),
  /** The first API key, role `platform`, as `CARILLON_BOOTSTRAP_KEY` takes it. */
  bootstrapKey: z.string().min(1),
});
export type Keys = z.infer<typeof kept>;

/** The keys of this data folder cannot be used, and making new ones would lock its data away. */
export class KeysError extends Error {
  override readonly name = 'KeysError';
}

/**
 * The key ring and the first API key: from the environment, else from `keys.json` in the data folder, which is made at
 * the first start (mode 0600) and never overwritten.
 * @throws {KeysError} when the file is damaged, or missing beside data that were sealed with it.
 */
export function loadKeys(settings: Settings): Keys {
  const fromEnvironment = { keys: settings.CARILLON_KEYS, bootstrapKey: settings.CARILLON_BOOTSTRAP_KEY };
  const complete = kept.safeParse(fromEnvironment);
  if (complete.success) return complete.data;

  const path = join(settings.dataFolder, 'keys.json');
  if (!existsSync(path)) {
    if (existsSync(join(settings.dataFolder, 'mongodb')) && fromEnvironment.keys === undefined) {
      throw new KeysError(
        `${path} is missing, but the data beside it is sealed with its keys. Put the file back, set CARILLON_KEYS, ` +
          `or start anew with another CARILLON_DATA_DIR.`,
      );
    }
    createJson(path, makeKeys());
  }
  const fromFile = readKeys(path);
  return {
    keys: fromEnvironment.keys ?? fromFile.keys,
    bootstrapKey: fromEnvironment.bootstrapKey ?? fromFile.bootstrapKey,
  };
}

function makeKeys(): Keys {
  return {
    keys: `k1:${randomBytes(32).toString('base64')}`,
    bootstrapKey: `ck_platform_${randomBytes(32).toString('base64url')}`,
  };
}

function readKeys(path: string): Keys {
  try {
    return kept.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new KeysError(`${path} cannot be read: restore it from a backup, or set CARILLON_KEYS`, {
      cause: error,
    });
  }
}
