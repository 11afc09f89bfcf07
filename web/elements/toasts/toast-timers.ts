import { Countdown } from './countdown.js';

/** Why nothing goes by itself at the moment. */
export type Pause = 'pointer' | 'focus' | 'hidden';

interface Timed {
  countdown: Countdown;
  bar?: Animation;
}

/** How long each toast stays. All of them are paused together: whoever reads one may go on to the next. */
export class ToastTimers {
  private readonly timed = new Map<string, Timed>();
  private readonly pauses = new Set<Pause>();

  /**
   * @param ms how long it stays while nothing pauses it
   * @param bar shows how much of that is left
   */
  start(key: string, ms: number, bar: Element | null | undefined, done: () => void): void {
    this.stop(key);
    const shrinking = [{ transform: 'scaleX(1)' }, { transform: 'scaleX(0)' }];
    const timed = {
      countdown: new Countdown(ms, done),
      bar: bar?.animate(shrinking, { duration: ms, fill: 'forwards' }),
    };
    this.timed.set(key, timed);
    if (this.pauses.size > 0) hold(timed);
  }

  stop(key: string): void {
    this.timed.get(key)?.countdown.stop();
    this.timed.delete(key);
  }

  pause(why: Pause): void {
    this.pauses.add(why);
    for (const timed of this.timed.values()) hold(timed);
  }

  resume(why: Pause): void {
    if (!this.pauses.delete(why) || this.pauses.size > 0) return;
    for (const { countdown, bar } of this.timed.values()) {
      countdown.resume();
      bar?.play();
    }
  }
}

function hold({ countdown, bar }: Timed): void {
  countdown.pause();
  bar?.pause();
}
