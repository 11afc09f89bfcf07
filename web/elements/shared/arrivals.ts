import type { CarillonClient } from '../../client/carillon-client.js';

/** How long what arrives is collected, so that a burst is told as one. */
const BURST_MS = 1_000;

/** Tells of what arrives: how many within a second, and the last one's title. @returns what stops it. */
export function onArrivals(client: CarillonClient, tell: (count: number, title: string) => void): () => void {
  let count = 0;
  let last = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = client.on('created', ({ item }) => {
    count++;
    last = item.title;
    timer ??= setTimeout(() => {
      tell(count, last);
      count = 0;
      timer = undefined;
    }, BURST_MS);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}
