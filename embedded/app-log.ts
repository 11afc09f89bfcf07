import { jsonIn } from '../contracts/json.js';

/** A message that repeats is shown again only after this, in milliseconds. */
const QUIET_MS = 10_000;

/** Reads a process's JSON log: knows when it said that it is ready, and shows warnings and errors on the terminal. */
export class AppLog {
  private isReadySeen = false;
  private readonly shown = new Map<string, { atMs: number; more: number }>();

  /** @param readyMessage the `msg` by which the process says that it is ready */
  constructor(
    private readonly title: string,
    private readonly readyMessage: string | undefined,
    private readonly say: (line: string) => void,
  ) {}

  /** True once the process has logged its readiness. */
  get isReady(): boolean {
    return this.isReadySeen;
  }

  readonly onLine = (line: string): void => {
    const entry = parse(line);
    if (!entry) {
      // A crash's stack, or what Node itself has to say.
      if (line.trim() !== '' && !line.startsWith('    at ')) this.show(line, line);
      return;
    }
    if (entry.msg === this.readyMessage) this.isReadySeen = true;
    if (!['warn', 'error', 'fatal'].includes(String(entry.level))) return;
    const reason = (entry.err as { message?: unknown } | undefined)?.message;
    const text = `${String(entry.level)}: ${String(entry.msg)}`;
    this.show(text, typeof reason === 'string' ? `${text} (${reason.split('\n')[0]})` : text);
  };

  private show(key: string, text: string): void {
    const nowMs = Date.now();
    const last = this.shown.get(key);
    if (last && nowMs - last.atMs < QUIET_MS) {
      last.more += 1;
      return;
    }
    if (this.shown.size > 200) this.shown.clear();
    this.shown.set(key, { atMs: nowMs, more: 0 });
    const repeated = last && last.more > 0 ? ` (and ${last.more} more like it before)` : '';
    this.say(`[${this.title}] ${text.slice(0, 500)}${repeated}`);
  }
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  return jsonIn(line) as Record<string, unknown> | undefined;
}
