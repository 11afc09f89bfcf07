import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { asCarillonError, type CarillonError } from '../../../client/carillon-error.js';
import { isAbort } from '../../calls/api.js';
import type { ConsoleContext } from '../../context.js';
import type { Broadcast } from '../../calls/shapes.js';

/** How long until its progress is asked for again when the connection was lost, in milliseconds. */
const AGAIN_MS = 3_000;

/** Where a broadcast is, and whom that is asked. */
interface FollowingHost extends ReactiveControllerHost {
  readonly context: ConsoleContext;
  /** The broadcast's, of the API. */
  readonly path: string;
}

/** A broadcast's progress as it comes, while its page is there, until it is over. */
export class Following implements ReactiveController {
  value?: Broadcast;
  error?: CarillonError;
  private underWay?: AbortController;
  private timer?: ReturnType<typeof setTimeout>;

  /** @param ended told when it is over */
  constructor(
    private readonly host: FollowingHost,
    private readonly ended: () => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    void this.load();
  }

  hostDisconnected(): void {
    this.underWay?.abort();
    clearTimeout(this.timer);
  }

  /** Follows it anew. Never rejects: an error is kept, and it goes on by itself where that may help. */
  async load(): Promise<void> {
    this.underWay?.abort();
    clearTimeout(this.timer);
    const { signal } = (this.underWay = new AbortController());
    try {
      const { context, path } = this.host;
      for await (const { event, data } of context.api.events<Broadcast>(`${path}/progress`, signal)) {
        this.value = data;
        this.error = undefined;
        this.host.requestUpdate();
        if (event === 'end') return this.ended();
      }
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.error = asCarillonError(error);
      this.host.requestUpdate();
      if (this.error.code === 'not_found' || this.error.code === 'forbidden') return;
    }
    if (!signal.aborted) this.timer = setTimeout(() => void this.load(), AGAIN_MS);
  }
}
