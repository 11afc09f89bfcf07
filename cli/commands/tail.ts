import { setTimeout as pause } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import { failureReasons } from '../../contracts/errors.js';
import { deliveryStatuses } from '../../contracts/statuses.js';
import { connectApi, type Api, type ApiOptions } from '../api.js';
import { Failure, wholeNumber } from '../failure.js';
import { acting } from '../acting.js';
import { deliveryLine, type DeliveryShown } from '../words.js';

interface TailOptions extends ApiOptions {
  status?: string;
  channel?: string;
  provider?: string;
  recipient?: string;
  failureReason?: string;
  last: number;
}

const LOOK_EVERY_MS = 1_000;
/** An API that restarts is waited for this long. */
const PATIENCE_MS = 60_000;
/** Newest deliveries that are looked at: those further back are settled, or change too late for whoever watches. */
const WATCHED = 100;

/** `carillon tail --channel email`: deliveries as they come and change, until it is stopped. */
export function addTail(program: Command): void {
  program
    .command('tail')
    .description('Show deliveries as they come and change, until Ctrl-C')
    .addOption(new Option('--status <status>').choices(deliveryStatuses))
    .option('--channel <channel>')
    .option('--provider <provider>')
    .option('--recipient <id>')
    .addOption(new Option('--failure-reason <reason>').choices(failureReasons))
    .option('--last <count>', 'begin with so many that are there', wholeNumber(0, WATCHED), 10)
    .action(
      acting<TailOptions>(async ({ last, ...options }, at) => {
        const api = await connectApi(options);
        const seen = new Map<string, string>();
        let isFirst = true;
        let awaySinceMs: number | undefined;
        for (;;) {
          try {
            const newest = await newestOf(api, options);
            if (awaySinceMs !== undefined) at.note('the API answers again');
            awaySinceMs = undefined;
            const changed = newest.filter((delivery) => seen.get(delivery.id) !== delivery.status);
            for (const delivery of changed) seen.set(delivery.id, delivery.status);
            for (const delivery of isFirst ? changed.slice(changed.length - last) : changed)
              at.result(
                delivery,
                `${delivery.createdAt} ${delivery.recipient} ${delivery.type} ${deliveryLine(delivery)}`,
              );
            forgetOld(seen);
            isFirst = false;
          } catch (error) {
            if (!(error instanceof Failure) || isFirst) throw error;
            if (awaySinceMs === undefined) at.note(error.message);
            awaySinceMs ??= Date.now();
            if (Date.now() - awaySinceMs > PATIENCE_MS) throw error;
          }
          await pause(LOOK_EVERY_MS);
        }
      }),
    );
}

/** Oldest first. */
async function newestOf(api: Api, options: Omit<TailOptions, 'last'>): Promise<DeliveryShown[]> {
  const { status, channel, provider, recipient, failureReason } = options;
  const given = Object.entries({
    status,
    channel,
    provider,
    recipient,
    failureReason,
    limit: String(WATCHED),
  });
  const query = new URLSearchParams(given.filter((pair): pair is [string, string] => pair[1] !== undefined));
  const page = await api.call<{ items: DeliveryShown[] }>('GET', `/v1/deliveries?${query.toString()}`);
  return page.items.reverse();
}

/** A map keeps the order in which its keys came: the first are those that have left the newest page. */
function forgetOld(seen: Map<string, string>): void {
  for (const id of seen.keys()) {
    if (seen.size <= 10 * WATCHED) return;
    seen.delete(id);
  }
}
