import { createInterface } from 'node:readline/promises';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import { failureReasons } from '../../contracts/errors.js';
import {
  finalRedriveStatuses,
  MAX_REDRIVES_PER_SECOND,
  type RedriveStatus,
} from '../../contracts/redrives.js';
import { connectApi, type Api, type ApiOptions } from '../api.js';
import { Failure, wholeNumber } from '../failure.js';
import { acting } from '../acting.js';
import type { Terminal } from '../terminal.js';
import { counted } from '../words.js';

interface RedriveOptions extends ApiOptions {
  channel?: string;
  provider?: string;
  failureReason?: string;
  type?: string;
  recipient?: string;
  from?: string;
  to?: string;
  perSecond?: number;
  dryRun?: true;
  yes?: true;
}

interface Shown {
  id: string;
  status: RedriveStatus;
  counts: { matched: number; queued: number; started: number; skipped: number };
}

const LOOK_EVERY_MS = 500;

/** `carillon redrive --channel email --failure-reason network_error`: failed deliveries are tried again. */
export function addRedrive(program: Command): void {
  program
    .command('redrive')
    .description('Try failed deliveries again, all that match')
    .option('--channel <channel>')
    .option('--provider <provider>')
    .addOption(new Option('--failure-reason <reason>').choices(failureReasons))
    .option('--type <type>')
    .option('--recipient <id>')
    .option('--from <time>', 'accepted at or after this, ISO 8601')
    .option('--to <time>', 'accepted before this')
    .option('--per-second <count>', 'at most so many', wholeNumber(1, MAX_REDRIVES_PER_SECOND))
    .option('--dry-run', 'only count them')
    .option('-y, --yes', 'do not ask')
    .action(
      acting<RedriveOptions>(async ({ perSecond, dryRun, yes, ...options }, at) => {
        const api = await connectApi(options);
        const { channel, provider, failureReason, type, recipient, from, to } = options;
        const filter = { channel, provider, failureReason, type, recipient, from, to };
        const { count } = await api.call<{ count: number }>('POST', '/v1/deliveries/redrive', {
          filter,
          dryRun: true,
        });
        const failed = counted(count, 'failed delivery matches', 'failed deliveries match');
        if (dryRun ?? count === 0) return at.result({ count }, failed);
        if (!yes) await confirm(`${failed}. Try again?`);
        const { redriveId } = await api.call<{ redriveId: string }>(
          'POST',
          '/v1/deliveries/redrive',
          { filter, ...(perSecond === undefined ? {} : { perSecond }) },
          { 'idempotency-key': `cli-${randomUUID()}` },
        );
        at.note(`${redriveId} started; it goes on when this is stopped`);
        const shown = await untilOver(api, redriveId, at);
        const { started, skipped } = shown.counts;
        at.result(shown, `${redriveId} ${shown.status}: ${started} tried again, ${skipped} left out`);
        if (shown.status === 'failed') process.exitCode = 1;
      }),
    );
}

/** @throws {Failure} unless somebody says yes. */
async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new Failure(`${question} Nobody can be asked here: say --yes`);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await asking.question(`${question} (y/N) `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('nothing was done');
  } finally {
    asking.close();
  }
}

async function untilOver(api: Api, id: string, at: Terminal): Promise<Shown> {
  const progress = at.progress('tried again');
  try {
    for (;;) {
      const shown = await api.call<Shown>('GET', `/v1/redrives/${encodeURIComponent(id)}`);
      const { matched, queued } = shown.counts;
      progress.at(matched - queued, matched);
      if (finalRedriveStatuses.includes(shown.status)) return shown;
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    progress.end();
  }
}
