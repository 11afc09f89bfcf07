import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { Argument, type Command } from 'commander';
import { subscriberCreate } from '../../contracts/subscribers.js';
import { connectApi, type ApiOptions } from '../api.js';
import { acting } from '../acting.js';

interface ExportOptions extends ApiOptions {
  output?: string;
  from?: string;
  to?: string;
}

/** Lists that can be taken out, each with whether a period can be named. */
const lists = {
  subscribers: { path: '/v1/subscribers', hasPeriod: false },
  notifications: { path: '/v1/notifications', hasPeriod: true },
  deliveries: { path: '/v1/deliveries', hasPeriod: true },
  suppressions: { path: '/v1/suppressions', hasPeriod: false },
  audit: { path: '/v1/audit', hasPeriod: true },
} as const;
type List = keyof typeof lists;

/** What `carillon import` takes of a person; devices are shown without their tokens, and so do not come along. */
const personFields = Object.keys(subscriberCreate.shape).filter((name) => name !== 'pushTokens');

/** `carillon export subscribers -o people.ndjson` */
export function addExport(program: Command): void {
  program
    .command('export')
    .addArgument(new Argument('<list>').choices(Object.keys(lists)))
    .description('Write a tenant’s list as NDJSON; people as "carillon import" takes them')
    .option('-o, --output <file>', 'not to stdout')
    .option('--from <time>', 'created at or after this, ISO 8601; of notifications, deliveries and audit')
    .option('--to <time>', 'created before this')
    .action(
      acting<ExportOptions>(async ({ output, from, to, ...options }, at, [list]) => {
        const name = list as List;
        const { path, hasPeriod } = lists[name];
        const api = await connectApi(options);
        const stream = output === undefined ? process.stdout : createWriteStream(output, { mode: 0o600 });
        if (output !== undefined) await once(stream, 'open');
        const progress = at.progress(name);
        let count = 0;
        try {
          for await (const item of api.list<Record<string, unknown>>(path, hasPeriod ? { from, to } : {})) {
            const line = JSON.stringify(name === 'subscribers' ? asImported(item) : item);
            if (!stream.write(`${line}\n`)) await once(stream, 'drain');
            count += 1;
            progress.at(count);
          }
        } finally {
          progress.end();
        }
        if (output === undefined) return at.note(`${count} ${name}`);
        stream.end();
        await finished(stream);
        at.result({ list: name, count, file: output }, `${count} ${name} in ${output}`);
      }),
    );
}

function asImported(person: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(person).filter(([field, value]) => personFields.includes(field) && value !== null),
  );
}
