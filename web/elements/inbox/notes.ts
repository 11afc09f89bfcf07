import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** How long a note stays, in milliseconds, while neither pointer nor focus is on it. */
const NOTE_MS = 8_000;

/** One line about what was just done. */
export interface Note {
  text: string;
  /** It tells of something that failed. */
  isBad?: boolean;
  /** Takes back what was done. */
  undo?: () => void;
  /** What has waited for its being too late to undo. */
  done?: () => void;
}

/** The one note that is shown. A new one, leaving the page and time end it, and what it held back is then done. */
export class Notes implements ReactiveController {
  current?: Note;
  private timer?: ReturnType<typeof setTimeout>;
  private readonly end = () => this.close();

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('pagehide', this.end);
  }

  hostDisconnected(): void {
    removeEventListener('pagehide', this.end);
    this.close();
  }

  show(note: Note): void {
    this.close();
    this.current = note;
    this.hold(false);
    this.host.requestUpdate();
  }

  /** Lets it stay while the person is at it. */
  hold(isHeld: boolean): void {
    clearTimeout(this.timer);
    if (!isHeld) this.timer = setTimeout(this.end, NOTE_MS);
  }

  /** @param isUndone whether to take back what was done, instead of having it stand. */
  close(isUndone = false): void {
    const note = this.current;
    clearTimeout(this.timer);
    this.current = undefined;
    if (isUndone) note?.undo?.();
    else note?.done?.();
    this.host.requestUpdate();
  }
}
