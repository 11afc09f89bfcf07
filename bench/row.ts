import type { Options } from './options.js';
import { median } from './statistics.js';
import type { Stack } from './stack.js';

/** What a row works with. */
export interface RowContext {
  stack: Stack;
  options: Options;
  /** Shows what is going on. */
  say: (text: string) => void;
}

export interface Line {
  what: string;
  /** Carillon's figure, with its unit. */
  carillon: string;
  /** What it is measured against, with its unit. */
  reference?: string;
  ratio?: number;
  target?: { atLeast: number } | { atMost: number };
  /** Where the target is not a ratio's. */
  holds?: boolean;
}

/** CPU milliseconds of each process for one notification, request or workflow. */
export interface CpuLine {
  what: string;
  perSecond: number;
  cpuMs: Record<string, number>;
  /** Share of the machine that other processes took meanwhile: what makes a figure doubtful. */
  strangers: number;
}

/** One measurement of what a `CpuLine` tells the medians of. */
export type CpuSample = Omit<CpuLine, 'what'>;

/** The medians of several measurements. */
export function cpuLine(what: string, samples: readonly CpuSample[]): CpuLine {
  const names = Object.keys(samples[0]?.cpuMs ?? {});
  return {
    what,
    perSecond: median(samples.map(({ perSecond }) => perSecond)),
    cpuMs: Object.fromEntries(
      names.map((name) => [name, median(samples.map(({ cpuMs }) => cpuMs[name] ?? NaN))]),
    ),
    strangers: median(samples.map(({ strangers }) => strangers)),
  };
}

export interface RowResult {
  lines: Line[];
  cpu?: CpuLine[];
  notes?: string[];
  /** Everything measured, for the JSON. */
  raw: unknown;
}

export interface Row {
  name: string;
  run(context: RowContext): Promise<RowResult>;
}

/** Whether a line meets its target; undefined where it has none. */
export function meets({ ratio, target, holds }: Line): boolean | undefined {
  if (!target) return holds;
  if (ratio === undefined || holds === false) return false;
  return 'atLeast' in target ? ratio >= target.atLeast : ratio <= target.atMost;
}
