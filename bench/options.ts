import { parseArgs } from 'node:util';
import { z } from 'zod';

const count = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

const given = z.object({
  rows: z
    .string()
    .transform((list) => list.split(',').flatMap((name) => (name.trim() ? [name.trim()] : [])))
    .optional(),
  quick: z.boolean().default(false),
  keep: z.boolean().default(false),
  profile: z.boolean().default(false),
  people: count(100, 1_000_000).optional(),
  deliveries: count(1_000, 100_000_000).optional(),
  waiting: count(100, 1_000_000).optional(),
  rounds: count(1, 100).optional(),
  inflight: count(1, 1000).default(48),
  out: z.string().min(1).optional(),
});

export interface Options {
  /** Names of the rows to run; undefined: all. */
  rows?: string[];
  /** Fewer and shorter measurements: to see that everything works, not to be quoted. */
  quick: boolean;
  /** Leaves the servers' data and logs in place. */
  keep: boolean;
  /** Takes CPU profiles of the API and the workers, and says by package where their time went. Slows them down. */
  profile: boolean;
  /** People in the inbox row, with 100 notifications each. Default 10,000; quick 1,000. */
  people: number;
  /** Deliveries in the analytics row. Default 1,000,000; quick 50,000. */
  deliveries: number;
  /** Notifications that wait in the memory row. Default 10,000; quick 1,000. */
  waiting: number;
  /** Turns of the rows that are measured in turns. Default 7; quick 2. */
  rounds: number;
  /** Workflows under way at once in the throughput rows. Default 48. */
  inFlight: number;
  /** Where the JSON goes. Default `bench-results.json` in the data folder. */
  out: string;
}

export const usage = `npm run bench -- [options]
  --rows a,b      only these rows
  --quick         fewer and shorter measurements: to see that it works, not to be quoted
  --people n      people in the inbox row, with 100 notifications each (10000)
  --deliveries n  deliveries in the analytics row (1000000)
  --waiting n     notifications that wait in the memory row (10000)
  --rounds n      turns of the rows that are measured in turns (7)
  --inflight n    workflows under way at once in the throughput rows (48)
  --out file      where the JSON goes (.carillon/bench-results.json)
  --keep          leave the servers' data and logs in place
  --profile       take CPU profiles of the API and the workers, too, and sum them up by package`;

/** @throws {z.ZodError} or TypeError for options that are not known or out of range. */
export function parseOptions(args: string[], dataFolder: string): Options {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args,
    options: {
      ...{
        rows: text,
        people: text,
        deliveries: text,
        waiting: text,
        rounds: text,
        inflight: text,
        out: text,
      },
      ...{ quick: flag, keep: flag, profile: flag },
    },
  });
  const { inflight, ...options } = given.parse(values);
  return {
    ...options,
    people: options.people ?? (options.quick ? 1_000 : 10_000),
    deliveries: options.deliveries ?? (options.quick ? 50_000 : 1_000_000),
    waiting: options.waiting ?? (options.quick ? 1_000 : 10_000),
    rounds: options.rounds ?? (options.quick ? 2 : 7),
    inFlight: inflight,
    out: options.out ?? `${dataFolder}/bench-results.json`,
  };
}
