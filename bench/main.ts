import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runToEnd } from '../embedded/servers/run-to-end.js';
import { parseOptions, usage, type Options } from './options.js';
import { summary } from './profile.js';
import { machineFacts, markdown } from './report.js';
import type { Row, RowResult } from './row.js';
import { startStack } from './stack.js';
import { bell } from './rows/bell.js';
import { analytics } from './rows/analytics.js';
import { broadcast } from './rows/broadcast.js';
import { acceptance } from './rows/accept.js';
import { digest } from './rows/digest.js';
import { events } from './rows/events.js';
import { hang } from './rows/hang.js';
import { history } from './rows/history.js';
import { inbox } from './rows/inbox.js';
import { latency } from './rows/latency.js';
import { peer } from './rows/peer.js';
import { sealing } from './rows/sealing.js';
import { sockets } from './rows/sockets.js';
import { templates } from './rows/templates.js';
import { throughput } from './rows/throughput.js';
import { waiting } from './rows/waiting.js';

/** In the order in which they run: what leaves much behind comes last. */
const rows: readonly Row[] = [
  throughput,
  latency,
  history,
  sealing,
  acceptance,
  events,
  hang,
  templates,
  broadcast,
  peer,
  digest,
  sockets,
  bell,
  inbox,
  analytics,
  waiting,
];

const say = (text: string) => process.stderr.write(`${text}\n`);

async function main(options: Options): Promise<void> {
  const unknown = options.rows?.filter((name) => !rows.some((row) => row.name === name)) ?? [];
  if (unknown.length > 0) {
    throw new TypeError(
      `no such row: ${unknown.join(', ')}; there are ${rows.map((row) => row.name).join(', ')}`,
    );
  }
  const chosen = rows.filter((row) => options.rows?.includes(row.name) ?? true);
  const folder = await mkdtemp(join(tmpdir(), 'carillon-bench-'));
  const profile = options.profile ? join(folder, 'profiles') : undefined;
  const stack = await startStack({ folder, profile, say });
  const stopAndExit = () => void stack.stop().finally(() => process.exit(130));
  process.once('SIGINT', stopAndExit);
  process.once('SIGTERM', stopAndExit);

  const results = new Map<string, RowResult>();
  const failures: unknown[] = [];
  const machine = machineFacts(stack.servers, await commit());
  try {
    for (const row of chosen) {
      say(`${row.name} …`);
      try {
        results.set(
          row.name,
          await row.run({ stack, options, say: (text) => say(`  ${row.name}: ${text}`) }),
        );
      } catch (error) {
        // One row that fails does not throw away what the others took an hour to measure.
        failures.push(error);
        console.error(error);
      }
    }
  } finally {
    await stack.stop();
    if (profile !== undefined) console.log(await summary(profile));
    if (options.keep || profile !== undefined) say(`data and logs: ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
  console.log(`\n${markdown(machine, results)}`);
  await mkdir(dirname(options.out), { recursive: true });
  await writeFile(
    options.out,
    `${JSON.stringify({ machine, options, rows: Object.fromEntries(results) }, null, 2)}\n`,
  );
  say(`written to ${options.out}`);
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} rows failed`);
}

/** Undefined outside a git checkout. */
async function commit(): Promise<string | undefined> {
  const text = await runToEnd('git', ['rev-parse', '--short', 'HEAD']).catch(() => '');
  return text.trim() || undefined;
}

if (process.argv.includes('--help')) {
  console.log(usage);
} else {
  const options = parseOptions(process.argv.slice(2), process.env.CARILLON_DATA_DIR ?? '.carillon');
  await main(options);
  process.exit(0);
}
