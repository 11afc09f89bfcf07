import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

/** A client's connection, whatever it is for. */
interface Leaving {
  close(discard?: boolean): void;
}

const STEP_MS = 50;
/** How long a client may take to answer that it is sent away, in milliseconds. */
const GRACE_MS = 1_000;

/**
 * Sends all clients away, in no order, over some time: each comes back by itself, and together they would be a stampede.
 * Whoever does not answer is cut off.
 */
export async function farewell(
  clients: readonly Leaving[],
  wires: ReadonlySet<Duplex>,
  overMs: number,
): Promise<void> {
  const left = [...clients].sort(() => Math.random() - 0.5);
  const steps = Math.max(1, Math.ceil(overMs / STEP_MS));
  const atOnce = Math.ceil(left.length / steps);
  while (left.length > 0) {
    for (const client of left.splice(0, atOnce)) client.close();
    if (left.length > 0) await pause(STEP_MS);
  }
  const endMs = Date.now() + GRACE_MS;
  while (wires.size > 0 && Date.now() < endMs) await pause(STEP_MS / 5);
  for (const wire of wires) wire.destroy();
}
