import { asCarillonError, CarillonError } from './carillon-error.js';
import type { Connection, ConnectionEvents } from './connection.js';
import { withKnown } from './counts.js';
import type { ConnectionStatus, LiveEvents } from './events.js';
import { watchPage } from './page-signals.js';
import { Polling } from './polling.js';
import { retryDelayMs } from './retry-delay.js';
import type { Counts } from './shapes.js';
import type { Tokens } from './tokens.js';
import { hasWebSocket, openWebSocket } from './web-socket.js';

export interface LiveOptions {
  /** Of the API, without a slash at the end. */
  url: string;
  tokens: Tokens;
  pollMs: number;
  counts: () => Promise<Counts>;
  emit: <E extends keyof LiveEvents>(event: E, value: LiveEvents[E]) => void;
}

/** An attempt that has come to nothing after this counts as failed. */
const ATTEMPT_MS = 20_000;

/**
 * The connection to the person's inbox. Each attempt is a socket of its own; what was missed in between comes with the
 * next `ready`, from the cursor on that was heard last. The token goes with the socket's first message.
 */
export class Live {
  status: ConnectionStatus = 'idle';
  /** As last heard. */
  counts: Counts | undefined;
  private connection: Connection | undefined;
  private since: string | undefined;
  private failures = 0;
  /** Grows whenever what is under way has become pointless. */
  private turn = 0;
  /** Of the attempt under way, when it has taken too long; or until the next. */
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** For the next attempt, or for another token. */
  private isWaiting = false;
  /** The server answers, but no WebSocket gets through to it. */
  private isBlocked = !hasWebSocket();
  /** The last attempt was not answered by anybody. */
  private isUnanswered = false;
  private readonly polling: Polling;
  private unwatch: (() => void) | undefined;

  constructor(private readonly options: LiveOptions) {
    this.polling = new Polling({
      everyMs: options.pollMs,
      counts: options.counts,
      heard: (counts) => this.polled(counts),
      failed: (error) => {
        if (error.code === 'unauthenticated') this.giveUp(error);
        else this.become('offline');
      },
    });
  }

  start(): void {
    if (this.unwatch) return;
    this.unwatch = watchPage({
      back: () => {
        if (this.isWaiting) this.attempt();
        if (this.polling.isOn) this.polling.ask();
      },
      gone: () => {
        this.lose();
        this.become('offline');
        this.retryLater();
      },
    });
    this.failures = 0;
    this.become('connecting');
    this.attempt();
  }

  stop(): void {
    this.unwatch?.();
    this.unwatch = undefined;
    this.lose();
    this.polling.stop();
    this.become('idle');
  }

  /** After a change of one's own, where no socket tells what has come of it. */
  lookAgain(reload: boolean): void {
    if (this.status === 'live' || this.status === 'idle') return;
    this.options.counts().then(
      (counts) => this.tell(counts, reload),
      (error: unknown) => this.options.emit('error', asCarillonError(error)),
    );
  }

  private attempt(): void {
    this.lose();
    const { turn } = this;
    this.options.tokens.get().then(
      (token) => {
        if (turn === this.turn) this.open(token);
      },
      (error: unknown) => {
        if (turn !== this.turn) return;
        this.options.emit('error', asCarillonError(error));
        this.fail();
      },
    );
  }

  private open(token: string): void {
    const { turn } = this;
    const { url } = this.options;
    const options = { url, auth: this.since === undefined ? { token } : { token, since: this.since } };
    const events: ConnectionEvents = {
      heard: (event, value) => this.heard(event, value),
      refused: (refusal) => this.refused(token, refusal),
      closed: (byServer) => this.closed(token, byServer),
    };
    this.isUnanswered = true;
    this.timer = setTimeout(() => this.fail(), ATTEMPT_MS);
    if (!this.isBlocked) {
      this.connection = openWebSocket(options, events);
      return;
    }
    import('./library-socket.js').then(
      ({ openLibrarySocket }) => {
        if (turn === this.turn) this.connection = openLibrarySocket(options, events);
      },
      () => turn === this.turn && this.fail(),
    );
  }

  private heard(event: string, value: object): void {
    const { cursor = this.since } = value as { cursor?: string };
    if (event === 'ready') {
      const { counts, reload = false } = value as Partial<LiveEvents['ready']> & { counts: Counts };
      clearTimeout(this.timer);
      this.isUnanswered = false;
      this.failures = 0;
      this.polling.stop();
      this.since = cursor;
      this.become('live');
      this.tell(counts, reload);
    } else if (event === 'counts') {
      const counts = value as LiveEvents['counts'];
      if (this.counts) this.counts = withKnown(this.counts, counts);
      this.options.emit('counts', counts);
    } else if (isNews(event)) {
      this.since = cursor;
      this.options.emit(event, value as LiveEvents[typeof event]);
    }
  }

  private closed(token: string, byServer: boolean): void {
    if (this.status !== 'live') return this.fail();
    this.lose();
    this.become('connecting');
    // It may have ended with its token.
    if (byServer) void this.renewed(token);
    else this.retryLater();
  }

  private refused(token: string, { code, detail, retryAfterMs }: Refusal): void {
    this.lose();
    this.isUnanswered = false;
    const error = new CarillonError(code ?? 'unavailable', detail ?? 'the connection was refused', {
      retryAfterMs,
    });
    if (code === 'unauthenticated') return void this.renewed(token, error);
    this.options.emit('error', error);
    this.fail(retryAfterMs);
  }

  /** Goes on with another token; if that was refused and there is none, not at all. */
  private async renewed(token: string, refusal?: CarillonError): Promise<void> {
    const { turn } = this;
    const other = await this.options.tokens.renew(token).catch((error: unknown) => asCarillonError(error));
    if (turn !== this.turn) return;
    if (other instanceof Error) {
      this.options.emit('error', other);
      this.fail();
    } else if (other === undefined && refusal) this.giveUp(refusal);
    // The first new token is tried at once, one that is refused again later.
    else if (refusal && this.failures++ === 0) this.attempt();
    else this.retryLater();
  }

  /** Until somebody looks again who may have another token. */
  private giveUp(refusal: CarillonError): void {
    this.lose();
    this.polling.stop();
    this.isWaiting = this.options.tokens.isRenewable;
    this.become('refused');
    this.options.emit('error', refusal);
  }

  private fail(retryAfterMs = 0): void {
    this.lose();
    this.failures += 1;
    this.retryLater(retryAfterMs);
    // Meanwhile the counts are asked for.
    if (!this.polling.isOn) this.polling.ask();
  }

  private retryLater(atLeastMs = 0): void {
    clearTimeout(this.timer);
    this.isWaiting = true;
    this.timer = setTimeout(() => this.attempt(), Math.max(atLeastMs, retryDelayMs(this.failures)));
  }

  /** Lets go of the socket, and of what was to happen to it. */
  private lose(): void {
    this.turn += 1;
    clearTimeout(this.timer);
    this.isWaiting = false;
    this.connection?.close();
    this.connection = undefined;
  }

  private polled(counts: Counts): void {
    const before = this.counts;
    this.become('polling');
    // It is there, so what is not answered does not get there: the other way, from the next attempt on.
    if (this.isUnanswered && hasWebSocket()) this.isBlocked = !this.isBlocked;
    this.isUnanswered = false;
    const isSame = before && keys.every((key) => before[key] === counts[key]);
    // Where they are capped they stay the same whatever comes.
    this.tell(counts, !isSame || counts.capped);
  }

  private tell(counts: Counts, reload: boolean): void {
    this.counts = counts;
    this.options.emit('ready', { counts, cursor: this.since ?? '', reload });
  }

  private become(status: ConnectionStatus): void {
    if (status === this.status) return;
    this.status = status;
    this.options.emit('status', status);
  }
}

type Refusal = Parameters<ConnectionEvents['refused']>[0];

const keys = ['unread', 'unseen', 'total'] as const;

function isNews(event: string): event is 'created' | 'updated' | 'removed' | 'system' {
  return ['created', 'updated', 'removed', 'system'].includes(event);
}
