import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Endpoints } from './endpoints.js';

const schema: z.ZodType<Endpoints> = z.object({
  api: z.url(),
  demo: z.url().nullable(),
  temporal: z.string(),
  temporalNamespace: z.string(),
  temporalUi: z.string().nullable(),
  mongodb: z.string(),
  smtp: z.string(),
  mail: z.string().nullable(),
  apiKey: z.string(),
});

/** Nothing is running, or it is not ready yet; `message` says what to do. */
export class NotRunning extends Error {
  override readonly name = 'NotRunning';
}

/** Where the running Carillon of this folder answers. @throws {NotRunning} */
export async function readEndpoints(
  dataFolder = process.env.CARILLON_DATA_DIR ?? '.carillon',
): Promise<Endpoints> {
  const path = join(resolve(dataFolder), 'endpoints.json');
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new NotRunning(
      `Carillon is not running here (no ${path}). Start it with "npm start" and wait until it is ready.`,
      {
        cause: error,
      },
    );
  }
}
