import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { LiveEvents } from '../../api/realtime/events.js';

/** What a client heard, in its order. */
export type Heard = { [E in keyof LiveEvents]: { event: E; value: LiveEvents[E] } }[keyof LiveEvents];

/** A client of `/inbox` that writes down what it hears. */
export interface Bell {
  socket: Socket;
  heard: readonly Heard[];
  /** The next of this kind that fits, of what was not taken before. Rejects after the deadline with what was heard. */
  next<E extends keyof LiveEvents>(
    event: E,
    fits?: (value: LiveEvents[E]) => boolean,
    deadlineMs?: number,
  ): Promise<LiveEvents[E]>;
  /** Why it was disconnected; waits for it. */
  gone(deadlineMs?: number): Promise<string>;
  /** The last cursor that it heard. */
  cursor(): string;
  close(): void;
}

/** What a refused client is told. */
export interface Refused {
  message: string;
  code: string | undefined;
  detail: string | undefined;
}

const events = ['ready', 'created', 'updated', 'removed', 'counts', 'system'] as const;

/** Connects; resolves at once, connected or not. */
export function ring(
  url: string,
  auth: Record<string, unknown>,
  options: Partial<ManagerOptions & SocketOptions> = {},
): Bell {
  const socket = io(`${url}/inbox`, {
    auth,
    forceNew: true,
    reconnection: false,
    transports: ['websocket'],
    ...options,
  });
  const heard: Heard[] = [];
  const taken = new Set<Heard>();
  const waiting = new Set<() => void>();
  let reason: string | undefined;
  const look = () => waiting.forEach((again) => again());
  for (const event of events)
    socket.on(event, (value: unknown) => {
      heard.push({ event, value } as Heard);
      look();
    });
  socket.on('disconnect', (why) => {
    reason = why;
    look();
  });
  let refused: string | undefined;
  socket.on('connect_error', (error) => {
    refused = error.message;
  });
  const until = <T>(what: string, find: () => T | undefined, deadlineMs = 10_000) =>
    new Promise<T>((resolve, reject) => {
      const done = (act: () => void) => {
        waiting.delete(again);
        clearTimeout(timer);
        act();
      };
      const again = () => {
        const found = find();
        if (found !== undefined) done(() => resolve(found));
      };
      const timer = setTimeout(
        () =>
          done(() =>
            reject(
              new Error(
                `${what}: not in time; refused: ${refused}, heard ${JSON.stringify(heard).slice(0, 3000)}`,
              ),
            ),
          ),
        deadlineMs,
      );
      waiting.add(again);
      again();
    });
  return {
    socket,
    heard,
    next: (event, fits = () => true, deadlineMs) =>
      until(
        event,
        () => {
          const found = heard.find(
            (one) => one.event === event && !taken.has(one) && fits(one.value as never),
          );
          if (found) taken.add(found);
          return found?.value as never;
        },
        deadlineMs,
      ),
    gone: (deadlineMs) => until('disconnect', () => reason, deadlineMs),
    cursor: () => {
      const last = heard.findLast(({ value }) => 'cursor' in value)?.value as { cursor: string } | undefined;
      return last?.cursor ?? '';
    },
    close: () => {
      socket.disconnect();
    },
  };
}

/** Why a client was not let in. @throws when it was. */
export function refusalOf(bell: Bell): Promise<Refused> {
  return new Promise((resolve, reject) => {
    bell.socket.on('connect', () => reject(new Error('it was let in')));
    bell.socket.on('connect_error', (error: Error & { data?: { code: string; detail: string } }) => {
      bell.close();
      resolve({ message: error.message, code: error.data?.code, detail: error.data?.detail });
    });
  });
}
