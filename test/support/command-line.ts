import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Engine } from './engine.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface CommandEnded {
  code: number | null;
  out: string;
  err: string;
}

/** `carillon …` as a process, against an engine's API and servers. */
export function commandLine(engine: Engine, keys: string) {
  const env = {
    PATH: process.env.PATH,
    CARILLON_URL: engine.url,
    CARILLON_API_KEY: engine.bootstrapKey,
    CARILLON_TENANT: 'acme',
    MONGODB_URI: engine.config.MONGODB_URI,
    TEMPORAL_ADDRESS: engine.config.TEMPORAL_ADDRESS,
    SMTP_URL: engine.smtp.url,
    CARILLON_KEYS: keys,
  };
  return {
    /** Runs it to its end. */
    async run(args: string[], changes: NodeJS.ProcessEnv = {}): Promise<CommandEnded> {
      const { child, said } = start(args, changes);
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, ...said };
    },
    /** Starts one that goes on; whoever calls ends it. */
    start: (args: string[]) => start(args, {}),
  };

  function start(
    args: string[],
    changes: NodeJS.ProcessEnv,
  ): { child: ChildProcess; said: { out: string; err: string } } {
    const child = spawn(process.execPath, [main, ...args], {
      env: { ...env, ...changes },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
    return { child, said };
  }
}
