import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { inParallel } from '../in-parallel.js';
import { lineOf, type StoredRow } from '../../models/expired-rows.js';

const compress = promisify(gzip);
/** Of different tenants: each waits for the disk. */
const FILES_AT_ONCE = 8;
/** Files of one run that exist already under a name: after as many, something is wrong. */
const MOST_FILES = 1_000;

/**
 * Writes rows that are about to be removed to files: `{folder}/{day}/{tenant}/{collection}.ndjson.gz`, one row a line, as it
 * is stored (MongoDB's Extended JSON, sealed fields sealed). A run that is repeated on the same day writes into files of its
 * own, with a number: nobody ever writes behind what another began, which may be cut off.
 */
export class PurgeExport {
  private readonly paths = new Map<string, string>();

  constructor(
    private readonly folder: string,
    private readonly day: string,
  ) {}

  /**
   * When this resolves the rows are on the disk.
   * @throws when any of them may not be.
   */
  async write(collection: string, rows: readonly StoredRow[]): Promise<void> {
    const tenants = new Map<string, string[]>();
    for (const row of rows) {
      const { tenantId = '' } = row;
      const lines = tenants.get(tenantId) ?? [];
      lines.push(lineOf(row));
      tenants.set(tenantId, lines);
    }
    await inParallel([...tenants], FILES_AT_ONCE, async ([tenantId, lines]) => {
      // A member of its own for each batch: gzip files may be put behind one another.
      await this.append(tenantId, collection, await compress(lines.join('')));
    });
  }

  private async append(tenantId: string, collection: string, bytes: Buffer): Promise<void> {
    const key = `${tenantId}/${collection}`;
    const known = this.paths.get(key);
    const file = known === undefined ? await this.begin(tenantId, collection) : await open(known, 'a');
    try {
      await file.appendFile(bytes);
      await file.sync();
    } catch (error) {
      // What follows must not stand behind half a member.
      this.paths.delete(key);
      throw error;
    } finally {
      await file.close();
    }
  }

  /** A new file, whose name is on the disk too. */
  private async begin(tenantId: string, collection: string): Promise<FileHandle> {
    const folder = join(this.folder, this.day, tenantId === '' ? '_' : tenantId);
    const made = await mkdir(folder, { recursive: true });
    for (let number = 1; number <= MOST_FILES; number++) {
      const path = join(folder, `${collection}${number === 1 ? '' : `.${number}`}.ndjson.gz`);
      try {
        const file = await open(path, 'ax', 0o600);
        this.paths.set(`${tenantId}/${collection}`, path);
        await syncFolders(folder, made === undefined ? folder : dirname(made));
        return file;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
    throw new Error(`${MOST_FILES} files of the same day, tenant and collection are there already`);
  }
}

/** A new name is safe once its folder is, and that one's, up to the one that was there before. */
async function syncFolders(from: string, to: string): Promise<void> {
  for (let folder = from; ; folder = dirname(folder)) {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (folder === to || folder === dirname(folder)) return;
  }
}
