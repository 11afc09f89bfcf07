import { io, type Socket } from 'socket.io-client';
import type { ConnectionStatus, LiveEvents } from './events.js';
import type { Counts } from './shapes.js';
import type { Tokens } from './tokens.js';

export interface LiveOptions {
  url: string;
  tokens: Tokens;
  pollMs: number;
  counts: () => Promise<Counts>;
  emit: <E extends keyof LiveEvents>(event: E, value: LiveEvents[E]) => void;
}

/** The connection. */
export class Live {
  status: ConnectionStatus = 'idle';
  private socket: Socket | undefined;
  private since: string | undefined;

  constructor(private readonly options: LiveOptions) {}

  start(): void {
    if (this.socket) return;
    const { url, tokens, emit } = this.options;
    const socket = io(`${new URL(url).origin}/inbox`, {
      path: `${new URL(url).pathname.replace(/\/$/, '')}/socket.io`,
      auth: (send) => {
        tokens.get().then(
          (token) => send({ token, since: this.since }),
          () => this.become('refused'),
        );
      },
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      forceNew: true,
      reconnectionDelay: 1_000,
      reconnectionDelayMax: 30_000,
      randomizationFactor: 0.5,
    });
    this.socket = socket;
    this.become('connecting');
    const note = (value: { cursor?: string }) => (this.since = value.cursor ?? this.since);
    socket.on('ready', (value: LiveEvents['ready']) => {
      note(value);
      this.become('live');
      emit('ready', { ...value, reload: value.reload ?? false });
    });
    for (const event of ['created', 'updated', 'removed', 'counts', 'system'] as const)
      socket.on(event, (value: LiveEvents[typeof event] & { cursor?: string }) => {
        note(value);
        emit(event, value);
      });
    socket.on('disconnect', () => this.become('connecting'));
  }

  stop(): void {
    this.socket?.disconnect();
    this.socket = undefined;
    this.become('idle');
  }

  private become(status: ConnectionStatus): void {
    if (status === this.status) return;
    this.status = status;
    this.options.emit('status', status);
  }
}
