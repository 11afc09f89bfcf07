import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppLog } from '../embedded/app-log.js';
import { answersOk, bareEnvironment, type Launch } from '../embedded/launch.js';

/** What a crowd of people with an open inbox has seen so far; times are of this machine's clock, in milliseconds. */
export interface CrowdSight {
  /** Connected now, and told so. */
  ready: number;
  /** Refused by the API, with the codes. What merely cannot be reached is tried again and not counted. */
  refused: Record<string, number>;
  /** Why connections ended, as Socket.IO calls it. */
  ended: Record<string, number>;
  /** How often anybody was told to load anew. */
  reloads: number;
  /** When the last of those who are ready became so. */
  lastReadyMs: number;
  /** By its words: who heard it, and when the last one did. */
  heard: Record<string, { people: number; lastMs: number }>;
  /** By the notification's ID: when its person's socket told of it. */
  created: Record<string, number>;
}

/** Drives a crowd, which is a process of its own so that its work is not taken for anybody else's. */
export class SocketCrowd {
  constructor(private readonly url: string) {}

  /** Connects these people, beside those who are there. */
  async connect(tokens: readonly string[]): Promise<void> {
    await this.call('POST', JSON.stringify(tokens));
  }

  async see(): Promise<CrowdSight> {
    return (await this.call('GET')) as CrowdSight;
  }

  /** Looks until it is as wanted. @throws after `withinMs`. */
  async until(what: string, isThere: (sight: CrowdSight) => boolean, withinMs: number): Promise<CrowdSight> {
    const endMs = Date.now() + withinMs;
    for (;;) {
      const sight = await this.see();
      if (isThere(sight)) return sight;
      if (Date.now() > endMs) {
        const { ready, refused, ended } = sight;
        throw new Error(`${what}: not within ${withinMs} ms: ${JSON.stringify({ ready, refused, ended })}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private async call(method: string, body?: string): Promise<unknown> {
    const response = await fetch(this.url, { method, ...(body === undefined ? {} : { body }) });
    if (!response.ok) throw new Error(`the crowd answered ${response.status}`);
    return response.json();
  }
}

/** @param options.port where it is driven. */
export function socketCrowdProcess(options: {
  apiUrl: string;
  port: number;
  logFolder: string;
  say: (text: string) => void;
}): Launch {
  const log = new AppLog('Socket crowd', 'crowd ready', options.say);
  return {
    plan: {
      title: 'Socket crowd',
      command: process.execPath,
      args: ['--enable-source-maps', fileURLToPath(new URL('./socket-crowd-main.js', import.meta.url))],
      env: { ...bareEnvironment(), CROWD_API_URL: options.apiUrl, CROWD_HTTP_PORT: String(options.port) },
      logPath: join(options.logFolder, 'socket-crowd.log'),
      onLine: log.onLine,
      stopWithinMs: 5_000,
    },
    isReady: () => answersOk(`http://127.0.0.1:${options.port}/`),
    readyWithinMs: 30_000,
  };
}
