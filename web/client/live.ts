import { io, type Socket } from 'socket.io-client';
import { asCarillonError, CarillonError } from './carillon-error.js';
import { withKnown } from './counts.js';
import type { ConnectionStatus, LiveEvents } from './events.js';
import { watchPage } from './page-signals.js';
import { Polling } from './polling.js';
import { retryDelayMs } from './retry-delay.js';
import type { Counts, ErrorCode } from './shapes.js';
import type { Tokens } from './tokens.js';

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

/** What the server says when it refuses a connection. */
type ConnectError = Error & { data?: { code?: ErrorCode; detail?: string; retryAfterMs?: number } };

/**
 * The connection to the person's inbox. Each attempt is a socket of its own; what was missed in between comes with the
 * next `ready`, from the cursor on that was heard last. The token goes with the socket's first message.
 */
export class Live {
  status: ConnectionStatus = 'idle';
  /** As last heard. */
  counts: Counts | undefined;
  private socket: Socket | undefined;
  private since: string | undefined;
  private failures = 0;
  /** Grows whenever what is under way has become pointless. */
  private turn = 0;
  /** Of the attempt under way, when it has taken too long; or until the next. */
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** For the next attempt, or for another token. */
  private isWaiting = false;
  /** The last attempt got no answer whatsoever. */
  private isSwallowed = false;
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
    const { origin, pathname } = new URL(this.options.url);
    const socket = io(`${origin}/inbox`, {
      path: `${pathname.replace(/\/$/, '')}/socket.io`,
      auth: this.since === undefined ? { token } : { token, since: this.since },
      // A WebSocket needs no balancer that remembers who is whose. Where it is refused, polling is tried at once; where
      // it is swallowed, at the next attempt.
      transports: this.isSwallowed ? ['polling', 'websocket'] : ['websocket', 'polling'],
      tryAllTransports: true,
      forceNew: true,
      reconnection: false,
      timeout: ATTEMPT_MS + 1_000,
    });
    this.socket = socket;
    this.timer = setTimeout(() => {
      this.isSwallowed = !this.isSwallowed;
      this.fail();
    }, ATTEMPT_MS);
    socket.on('connect_error', (error: ConnectError) => this.refused(token, error));
    socket.on('disconnect', (reason) => {
      this.lose();
      this.become('connecting');
      // It may have ended with its token.
      if (reason === 'io server disconnect') void this.renewed(token);
      else this.retryLater();
    });
    this.hear(socket);
  }

  private hear(socket: Socket): void {
    const { emit } = this.options;
    socket.on(
      'ready',
      ({ counts, cursor, reload = false }: Partial<LiveEvents['ready']> & { counts: Counts }) => {
        clearTimeout(this.timer);
        this.failures = 0;
        this.polling.stop();
        this.since = cursor ?? this.since;
        this.become('live');
        this.tell(counts, reload);
      },
    );
    for (const event of ['created', 'updated', 'removed', 'system'] as const) {
      socket.on(event, (value: LiveEvents[typeof event] & { cursor?: string }) => {
        this.since = value.cursor ?? this.since;
        emit(event, value);
      });
    }
    socket.on('counts', (value: LiveEvents['counts']) => {
      if (this.counts) this.counts = withKnown(this.counts, value);
      emit('counts', value);
    });
  }

  private refused(token: string, { data, message }: ConnectError): void {
    this.lose();
    if (data?.code === undefined) return this.fail();
    const { code, detail = message, retryAfterMs } = data;
    const error = new CarillonError(code, detail, { retryAfterMs });
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
    this.socket?.off();
    this.socket?.disconnect();
    this.socket = undefined;
  }

  private polled(counts: Counts): void {
    const before = this.counts;
    this.become('polling');
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

const keys = ['unread', 'unseen', 'total'] as const;
