import type { CarillonClient } from './carillon-client.js';

/** Resolves once the client is connected, has failed to, or takes longer than `atMostMs`. */
export function connected(client: CarillonClient, atMostMs: number): Promise<void> {
  const isOpen = () => client.status === 'connecting' || client.status === 'idle';
  return new Promise((resolve) => {
    if (!isOpen()) return resolve();
    const done = () => {
      stop();
      clearTimeout(timer);
      resolve();
    };
    const stop = client.on('status', () => {
      if (!isOpen()) done();
    });
    const timer = setTimeout(done, atMostMs);
  });
}
