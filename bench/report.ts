import { cpus, release, totalmem, type } from 'node:os';
import { meets, type Line, type RowResult } from './row.js';
import type { Servers } from './servers.js';
import { digits } from './statistics.js';

export interface Machine {
  date: string;
  cpu: string;
  cores: number;
  memoryGb: number;
  system: string;
  node: string;
  temporal: string;
  mongodb: string;
  commit?: string;
}

export function machineFacts(servers: Servers, commit: string | undefined): Machine {
  const [first] = cpus();
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    temporal: servers.versions.temporal,
    mongodb: servers.versions.mongodb,
    ...(commit === undefined ? {} : { commit }),
  };
}

/** The whole run as Markdown, ready to paste. */
export function markdown(machine: Machine, results: ReadonlyMap<string, RowResult>): string {
  const lines = [...results].flatMap(([row, result]) => result.lines.map((line) => ({ row, ...line })));
  const cpu = [...results.values()].flatMap((result) => result.cpu ?? []);
  const notes = [...results].flatMap(([row, result]) =>
    (result.notes ?? []).map((note) => `- ${row}: ${note}`),
  );
  const processes = [...new Set(cpu.flatMap((line) => Object.keys(line.cpuMs)))].filter((name) =>
    cpu.some((line) => (line.cpuMs[name] ?? 0) >= 0.05),
  );
  return [
    `${machine.date}; ${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, ${machine.system}; ` +
      `Node ${machine.node}, Temporal server ${machine.temporal}, MongoDB ${machine.mongodb}` +
      (machine.commit === undefined ? '' : `; commit ${machine.commit}`),
    '',
    table(
      ['row', 'what', 'Carillon', 'against', 'ratio', 'target', 'met'],
      lines.map((line) => [
        line.row,
        line.what,
        line.carillon,
        line.reference ?? '',
        line.ratio === undefined ? '' : digits(line.ratio),
        targetOf(line),
        metOf(line),
      ]),
    ),
    ...(cpu.length === 0
      ? []
      : [
          '',
          'CPU milliseconds of each process for one of them, and the share of the machine that other programs took:',
          '',
          table(
            ['', 'per second', ...processes, 'sum', 'others'],
            cpu.map((line) => [
              line.what,
              digits(line.perSecond),
              ...processes.map((name) => (line.cpuMs[name] ?? 0).toFixed(1)),
              Object.values(line.cpuMs)
                .reduce((sum, ms) => sum + ms, 0)
                .toFixed(1),
              `${Math.round(line.strangers * 100)} %`,
            ]),
          ),
        ]),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    '',
  ].join('\n');
}

function targetOf({ target }: Line): string {
  if (!target) return '';
  return 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
}

function metOf(line: Line): string {
  const met = meets(line);
  return met === undefined ? '' : met ? 'yes' : 'no';
}

/** A Markdown table whose columns line up in a terminal too. */
function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const draw = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [draw(head), draw(widths.map((width) => '-'.repeat(width))), ...rows.map(draw)].join('\n');
}
