import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { replaceJson } from './atomic-file.js';

/** Where everything answers: `endpoints.json` in the data folder while Carillon is ready. For scripts and benches. */
export interface Endpoints {
  /** `http://127.0.0.1:3000` */
  api: string;
  /** The page to try things out on; null where others than this machine reach the API, or with `NODE_ENV=production`. */
  demo: string | null;
  /** Host and port of Temporal's gRPC: `127.0.0.1:7233` */
  temporal: string;
  temporalNamespace: string;
  /** Null with a Temporal of one's own and no `TEMPORAL_UI_URL`. */
  temporalUi: string | null;
  mongodb: string;
  smtp: string;
  /** The page that shows caught mail; null with an `SMTP_URL` of one's own. */
  mail: string | null;
  /** The first API key, role `platform`. */
  apiKey: string;
}

/** Written in one step, readable by the owner only, because it holds a key. */
export function writeEndpoints(dataFolder: string, endpoints: Endpoints): void {
  replaceJson(join(dataFolder, 'endpoints.json'), endpoints);
}

/** No error when there is none. */
export function removeEndpoints(dataFolder: string): void {
  rmSync(join(dataFolder, 'endpoints.json'), { force: true });
}
