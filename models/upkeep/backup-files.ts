import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import { jsonIn } from '../../contracts/json.js';

/** A backup that cannot be written, or read as it was written; `message` says which file. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** What `manifest.json` says of a backup. Written last: a folder without one is no backup. */
const manifestSchema = z.object({
  format: z.literal(1),
  /** Of the Carillon that wrote it. */
  version: z.string(),
  /** Migrations that the data has behind it. */
  migrations: z.array(z.string()),
  takenAt: z.iso.datetime(),
  collections: z.array(
    z.object({
      name: z.string().regex(/^[A-Za-z]+$/),
      count: z.number().int().min(0),
      /** SHA-256 of the file, in hex. */
      sha256: z.string().length(64),
    }),
  ),
});
export type BackupManifest = z.infer<typeof manifestSchema>;
export type BackupEntry = BackupManifest['collections'][number];

const manifestFile = (folder: string) => join(folder, 'manifest.json');
const collectionFile = (folder: string, name: string) => join(folder, `${name}.ndjson.gz`);

/** Writes a collection's lines, compressed, readable by the owner only, and on the disk when this resolves. */
export async function writeCollection(
  folder: string,
  name: string,
  lines: AsyncIterable<string>,
): Promise<BackupEntry> {
  const path = collectionFile(folder, name);
  const digest = createHash('sha256');
  let count = 0;
  async function* text() {
    for await (const line of lines) {
      count += 1;
      yield `${line}\n`;
    }
  }
  await pipeline(
    Readable.from(text()),
    createGzip(),
    hashing(digest),
    createWriteStream(path, { mode: 0o600, flags: 'wx' }),
  );
  await flushed(path);
  return { name, count, sha256: digest.digest('hex') };
}

/** A collection's lines. */
export async function* readCollection(folder: string, name: string): AsyncGenerator<string> {
  const gunzip = createGunzip();
  const source = createReadStream(collectionFile(folder, name));
  source.on('error', (error) => gunzip.destroy(error));
  yield* createInterface({ input: source.pipe(gunzip), crlfDelay: Infinity });
}

/** @throws {BackupError} where a file is not as it was written. */
export async function checkCollection(folder: string, { name, sha256 }: BackupEntry): Promise<void> {
  const digest = createHash('sha256');
  try {
    for await (const chunk of createReadStream(collectionFile(folder, name)) as AsyncIterable<Buffer>)
      digest.update(chunk);
  } catch (error) {
    throw new BackupError(`${collectionFile(folder, name)} cannot be read`, { cause: error });
  }
  if (digest.digest('hex') !== sha256)
    throw new BackupError(`${collectionFile(folder, name)} is not as it was written: take another backup`);
}

/** Makes the folder's files a backup. */
export async function writeManifest(folder: string, manifest: BackupManifest): Promise<void> {
  const file = await open(manifestFile(folder), 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** @throws {BackupError} where there is no backup, or of a format that this version does not know. */
export async function readManifest(folder: string): Promise<BackupManifest> {
  let text: string;
  try {
    text = await readFile(manifestFile(folder), 'utf8');
  } catch (error) {
    throw new BackupError(`there is no backup in ${folder}: ${manifestFile(folder)} cannot be read`, {
      cause: error,
    });
  }
  const parsed = manifestSchema.safeParse(jsonIn(text));
  if (!parsed.success)
    throw new BackupError(`${manifestFile(folder)} is not one of a backup that this version knows`);
  return parsed.data;
}

function hashing(digest: Hash): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk);
      done(undefined, chunk);
    },
  });
}

async function flushed(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
