import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from './config.js';

/**
 * Imports the ES modules that a variable of the environment names, one after the other, and hands what each exports to
 * `take`. What begins with `./`, `../` or `/` is a path, from the working directory on; the rest are packages, as Node
 * finds them from Carillon's own folder.
 * @throws {ConfigError} naming the variable, the module and what is wrong with it, be it the import's error or `take`'s.
 */
export async function loadModules(
  variable: string,
  names: readonly string[],
  take: (exports: Readonly<Record<string, unknown>>) => void,
  workingDirectory = process.cwd(),
): Promise<void> {
  for (const name of names) {
    const isPath = /^\.{0,2}\//.test(name);
    const place = isPath ? pathToFileURL(resolve(workingDirectory, name)).href : name;
    try {
      take((await import(place)) as Record<string, unknown>);
    } catch (error) {
      const hint = !isPath && isMissing(error) ? ' (a path begins with ./ or /)' : '';
      throw new ConfigError(`${variable}: ${name}: ${messageOf(error)}${hint}`, { cause: error });
    }
  }
}

function isMissing(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === 'ERR_MODULE_NOT_FOUND';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'throws something that is no error';
}
