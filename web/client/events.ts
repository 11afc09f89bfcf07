import type { CarillonError } from './carillon-error.js';
import type { Counts, Item, Severity } from './shapes.js';

/**
 * `live`: what happens is heard at once. `polling`: sockets do not get through, the counts are asked for instead.
 * `offline`: nothing gets through; it is tried again. `refused`: the token is not taken and there is no other.
 */
export type ConnectionStatus = 'idle' | 'connecting' | 'live' | 'polling' | 'offline' | 'refused';

/** What a client tells its listeners. */
export interface LiveEvents {
  /** Connected, or looked again: the counts as they are. With `reload`, what was loaded before may be out of date. */
  ready: { counts: Counts; cursor: string; reload: boolean };
  created: { item: Item };
  updated: { item: Item };
  removed: { id: string };
  /** Each at most 100. The total is told by `ready` only. */
  counts: { unread: number; unseen: number };
  /** A word from the operator; several that came at once are lines of one. */
  system: { message: string; severity: Severity };
  status: ConnectionStatus;
  error: CarillonError;
}

type Listener<E extends keyof LiveEvents> = (value: LiveEvents[E]) => void;

/** Who listens to what. */
export class Listeners {
  private readonly all = new Map<keyof LiveEvents, Set<Listener<never>>>();

  /** @returns what stops it. */
  on<E extends keyof LiveEvents>(event: E, listener: Listener<E>): () => void {
    const listeners = this.all.get(event) ?? new Set();
    this.all.set(event, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** Nobody is told anything any more. */
  end(): void {
    this.all.clear();
  }

  /** A listener that fails does not keep the others from hearing; its error is the page's, as with any event. */
  emit<E extends keyof LiveEvents>(event: E, value: LiveEvents[E]): void {
    for (const listener of [...((this.all.get(event) as Set<Listener<E>> | undefined) ?? [])]) {
      try {
        listener(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
