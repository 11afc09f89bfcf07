import type { ReactiveController, ReactiveControllerHost } from 'lit';

const PAUSE_MS = 700;

/** Does something once nothing has been typed for a moment, or the field is left: a time is typed in parts. */
export class AfterTyping implements ReactiveController {
  private timer?: ReturnType<typeof setTimeout>;
  private task?: () => void;

  constructor(private readonly host: ReactiveControllerHost & HTMLElement) {
    host.addController(this);
  }

  hostConnected(): void {
    this.host.addEventListener('focusout', this.now);
  }

  hostDisconnected(): void {
    this.host.removeEventListener('focusout', this.now);
    this.now();
  }

  then(task: () => void): void {
    clearTimeout(this.timer);
    this.task = task;
    this.timer = setTimeout(this.now, PAUSE_MS);
  }

  /** Forgets what waits. */
  drop(): void {
    clearTimeout(this.timer);
    this.task = undefined;
  }

  private readonly now = () => {
    const { task } = this;
    this.drop();
    task?.();
  };
}
