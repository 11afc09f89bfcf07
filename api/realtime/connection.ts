import type { Socket } from 'socket.io';
import { severities, type Severity } from '../../contracts/notification-types.js';
import { writeCursor } from '../../models/cursor.js';
import type { SystemMessageRow } from '../../models/system-messages.js';
import type { LiveEvents, LiveMessage } from './events.js';
import { LongTimer } from './long-timer.js';
import type { RealtimeSettings } from './settings.js';

/** Who is at the other end, as their token said. */
export interface ConnectedPerson {
  tenantId: string;
  recipientId: string;
  /** Of the token, in milliseconds. */
  issuedMs: number | undefined;
  expiresMs: number;
}

/** Events kept for one that is not ready yet; who gets more is told to load anew instead. */
const MAX_EARLY = 1000;
/** Lines of one system message; more go in the next. */
const MAX_LINES = 50;

/** One client of a person. Told nothing before it is `ready`: what happens meanwhile is kept for it. */
export class Connection {
  private early: LiveMessage[] | undefined = [];
  private earlySystem: SystemMessageRow[] = [];
  private burst: SystemMessageRow[] = [];
  private burstTimer: NodeJS.Timeout | undefined;
  private readonly expiry: LongTimer;
  private isOver = false;
  /** More waits for it than may; what was not told meanwhile is missing there. */
  private isBehind = false;
  private slowTimer: NodeJS.Timeout | undefined;
  /** Too much came before it was ready. */
  hasMissed = false;

  constructor(
    private readonly socket: Socket,
    readonly person: ConnectedPerson,
    private readonly settings: Pick<RealtimeSettings, 'maxBufferedBytes' | 'slowMs' | 'burstMs'>,
    /** It is too slow and was dropped; or it has caught up, and is to load anew. */
    private readonly on: { slow: () => void; caughtUp: () => void },
  ) {
    this.expiry = new LongTimer(person.expiresMs, () => this.end());
  }

  /** `websocket` or `polling`. */
  get transport(): string {
    return this.socket.conn.transport.name;
  }

  tell(message: LiveMessage): void {
    if (this.isOver) return;
    if (this.early) {
      if (this.early.length < MAX_EARLY) this.early.push(message);
      else this.hasMissed = true;
      return;
    }
    // In the order of their cursors: whoever has heard of a later change has heard this.
    if (message[0] !== 'counts') this.endBurst();
    this.send(message);
  }

  /** Those of the next 100 ms arrive as one. */
  hear(message: SystemMessageRow): void {
    if (this.isOver) return;
    if (this.early) {
      this.earlySystem.push(message);
      return;
    }
    this.burst.push(message);
    if (this.burst.length >= MAX_LINES) this.endBurst();
    else this.burstTimer ??= setTimeout(() => this.endBurst(), this.settings.burstMs);
  }

  /** The first word, what was missed, and what came meanwhile. */
  welcome(
    ready: LiveEvents['ready'],
    missed: readonly LiveMessage[],
    missedSystem: readonly SystemMessageRow[],
  ): void {
    if (this.isOver) return;
    const early = this.early ?? [];
    this.early = undefined;
    this.send(['ready', ready]);
    for (const message of missed) this.send(message);
    const system = new Map([...missedSystem, ...this.earlySystem].map((message) => [message._id, message]));
    for (const message of system.values()) this.hear(message);
    for (const message of early) this.tell(message);
    this.earlySystem = [];
  }

  /** The token counts no more: the client asks for another before it connects again. */
  end(): void {
    this.close();
    this.socket.disconnect(true);
  }

  /** It may come back by itself, and be told what it missed. */
  drop(): void {
    this.close();
    this.socket.conn.close(true);
  }

  /** Nothing is told any more, whichever side ended it. */
  close(): void {
    this.isOver = true;
    this.expiry.cancel();
    clearTimeout(this.burstTimer);
    clearTimeout(this.slowTimer);
  }

  private endBurst(): void {
    clearTimeout(this.burstTimer);
    this.burstTimer = undefined;
    const last = this.burst.at(-1);
    if (!last) return;
    const messages = this.burst;
    this.burst = [];
    this.send([
      'system',
      {
        message: messages.map(({ text }) => text).join('\n'),
        severity: gravest(messages.map(({ level }) => level)),
        cursor: writeCursor({ at: last.at, id: last._id }),
      },
    ]);
  }

  private send(message: LiveMessage): void {
    if (this.isOver || this.isBehind) return;
    if (this.isFull()) {
      this.isBehind = true;
      this.slowTimer = setTimeout(() => this.lookAgain(), this.settings.slowMs);
      return;
    }
    const [event, value] = message;
    this.socket.emit(event, value);
  }

  /** A burst of large items has gone out by now; to a client that does not take it, nothing goes out. */
  private lookAgain(): void {
    if (this.isOver) return;
    if (this.isFull()) {
      this.on.slow();
      this.drop();
      return;
    }
    this.isBehind = false;
    this.on.caughtUp();
  }

  private isFull(): boolean {
    return bufferedBytes(this.socket) > this.settings.maxBufferedBytes;
  }
}

/** What waits here until the client takes it: at Engine.IO between two polls or writes, then at the WebSocket. */
function bufferedBytes({ conn }: Socket): number {
  const { writeBuffer, transport } = conn as unknown as {
    writeBuffer: { data?: unknown }[];
    transport: { socket?: { bufferedAmount?: number } };
  };
  let bytes = transport.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) bytes += typeof data === 'string' ? data.length : 0;
  return bytes;
}

/** The table of severities goes from the least to the gravest. */
function gravest(levels: readonly Severity[]): Severity {
  return severities[Math.max(...levels.map((level) => severities.indexOf(level)))] ?? 'info';
}
