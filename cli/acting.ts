import type { Command } from 'commander';
import { terminal, type Terminal } from './terminal.js';

/**
 * What a command does, as Commander calls it: with its options and those of the whole program, what it prints to, and
 * its arguments.
 */
export function acting<Options extends object>(
  run: (options: Options, at: Terminal, args: string[]) => Promise<void>,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const { json = false, ...options } = command.optsWithGlobals<Options & { json?: boolean }>();
    await run(options as Options, terminal(json), command.args);
  };
}
