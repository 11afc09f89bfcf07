import { resolve } from 'node:path';
import { z } from 'zod';

const given = z.string().min(1).optional();

/** What the embedded default itself reads; the rest of the environment is the API's and the worker's business. */
const environment = z.object({
  CARILLON_DATA_DIR: z.string().min(1).default('.carillon'),
  CARILLON_API_HOST: z.string().min(1).default('127.0.0.1'),
  CARILLON_API_PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  /** Seconds that the worker may take to let running attempts finish. */
  CARILLON_DRAIN_SECONDS: z.coerce.number().int().min(1).max(600).default(10),
  CARILLON_MAIL_FROM: z.string().min(3).default('Carillon <notifications@carillon.localhost>'),
  /** Where people and providers reach the API; its own address by default. */
  CARILLON_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  CARILLON_KEYS: given,
  CARILLON_BOOTSTRAP_KEY: given,
  /** Here the servers that a tenant names, its webhooks' say, usually run on this machine too. */
  CARILLON_ALLOW_PRIVATE_ADDRESSES: z.string().min(1).default('true'),
  LOG_LEVEL: z.string().min(1).default('info'),
  NODE_ENV: given,
  TEMPORAL_ADDRESS: given,
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_UI_URL: z.url({ protocol: /^https?$/ }).optional(),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://')
    .optional(),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must begin with smtp:// or smtps://')
    .optional(),
});

export type Settings = Readonly<z.infer<typeof environment>> & {
  /** `CARILLON_DATA_DIR` as an absolute path. */
  dataFolder: string;
};

/** The environment does not describe a start; `message` names each variable and what it should be. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * Reads the environment once; an empty variable counts as absent.
 * @throws {SettingsError} naming every variable that is out of range, never its value.
 */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const parsed = environment.safeParse(
    Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== '')),
  );
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${String(issue.path[0])}: ${issue.message}`);
    throw new SettingsError(`The environment is not right:\n${lines.join('\n')}`);
  }
  return Object.freeze({ ...parsed.data, dataFolder: resolve(parsed.data.CARILLON_DATA_DIR) });
}
