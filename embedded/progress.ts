import type { Report } from './servers/server-binary.js';

/** One thing that is being started. */
export interface Step {
  /** What is going on within it: `downloading …, 34 % of 45 MB`. */
  update: Report;
  /** It is ready; `detail` is added to the line, e.g. its address. */
  done: (detail?: string) => void;
  /** It will not be ready; the error itself is told elsewhere. */
  failed: () => void;
}

const REDRAW_MS = 200;
/** In a file or a pipe a step tells its news no more often than this, in milliseconds. */
const PLAIN_NEWS_EVERY_MS = 3000;

/**
 * What a start tells the terminal: finished steps as lines that stay, those under way on one moving line. Without a
 * terminal, plain lines.
 */
export class Progress {
  private readonly running = new Map<string, { beganMs: number; news: string; toldMs: number }>();
  private redraw?: NodeJS.Timeout;

  constructor(private readonly out: NodeJS.WriteStream = process.stdout) {}

  /** A line that stays. */
  say(line: string): void {
    this.clear();
    this.out.write(`${line}\n`);
    this.draw();
  }

  step(title: string): Step {
    const state = { beganMs: Date.now(), news: '', toldMs: Date.now() };
    this.running.set(title, state);
    if (!this.out.isTTY) this.say(`starting ${title} …`);
    this.redraw ??= setInterval(() => this.draw(), REDRAW_MS).unref();
    const end = () => {
      this.running.delete(title);
      if (this.running.size > 0) return;
      clearInterval(this.redraw);
      this.redraw = undefined;
    };
    const seconds = () => `${((Date.now() - state.beganMs) / 1000).toFixed(1)} s`;
    return {
      update: (news) => {
        const isNew = news !== state.news;
        state.news = news;
        if (this.out.isTTY || !isNew || Date.now() - state.toldMs < PLAIN_NEWS_EVERY_MS) return;
        state.toldMs = Date.now();
        this.say(`${title}: ${news}`);
      },
      done: (detail) => {
        end();
        this.say(`${title} ready in ${seconds()}${detail === undefined ? '' : `, ${detail}`}`);
      },
      failed: () => {
        end();
        this.say(`${title} failed after ${seconds()}`);
      },
    };
  }

  private draw(): void {
    if (!this.out.isTTY || this.running.size === 0) return;
    const parts = [...this.running].map(([title, { beganMs, news }]) => {
      const seconds = Math.round((Date.now() - beganMs) / 1000);
      return news === '' ? `${title} ${seconds} s` : `${title} ${seconds} s (${news})`;
    });
    const line = `starting ${parts.join(', ')} …`;
    this.clear();
    this.out.write(line.slice(0, this.out.columns - 1));
  }

  private clear(): void {
    if (this.out.isTTY) this.out.write('\r\u001b[2K');
  }
}
