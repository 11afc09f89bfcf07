import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Command } from 'commander';
import { acting } from '../acting.js';
import { connectApi, type ApiOptions } from '../api.js';
import { Failure } from '../failure.js';
import type { Progress } from '../terminal.js';
import { counted } from '../words.js';

interface Report {
  imported: number;
  updated: number;
  rejected: number;
  errors: { line: number; path: string; message: string }[];
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
};

/** `carillon import people.csv` */
export function addImport(program: Command): void {
  program
    .command('import <file>')
    .description(
      'Create or change people from a file, .ndjson or .csv; rows that are wrong are left out and named',
    )
    .action(
      acting<ApiOptions>(async (options, at, [path = '']) => {
        const mediaType = mediaTypes[extname(path).toLowerCase()];
        if (mediaType === undefined)
          throw new Failure(`${path}: its name should end with ${Object.keys(mediaTypes).join(', ')}`);
        const size = await sizeOf(path);
        const api = await connectApi(options);
        const progress = at.progress('bytes read', size);
        let report: Report;
        try {
          report = await api.upload<Report>('/v1/subscribers/import', mediaType, chunksOf(path, progress));
        } finally {
          progress.end();
        }
        const { imported, updated, rejected, errors } = report;
        const people = counted(imported, 'person', 'people');
        at.result(
          report,
          [
            `${people} new, ${updated} changed, ${rejected} left out`,
            ...errors.map(({ line, path: field, message }) => `  line ${line}: ${field} ${message}`),
            ...(rejected > errors.length ? [`  and ${rejected - errors.length} more`] : []),
          ].join('\n'),
        );
        if (rejected > 0) process.exitCode = 1;
      }),
    );
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw new Failure(`${path} cannot be read`, { cause: error });
  }
}

async function* chunksOf(path: string, progress: Progress): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    yield chunk;
    done += chunk.byteLength;
    progress.at(done);
  }
}
