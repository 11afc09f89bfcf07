import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { NoFreePort, Ports } from '../../embedded/ports.js';

const listening: Server[] = [];

async function listen(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  listening.push(server);
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

async function stopListening(): Promise<void> {
  await Promise.all(listening.splice(0).map((server) => once(server.close(), 'close')));
}

afterEach(stopListening);

describe('the ports of the embedded default', () => {
  it('are the preferred ones while nobody uses them', async () => {
    const free = await listen('127.0.0.1');
    await stopListening();
    expect(await new Ports().take(free)).toBe(free);
  });

  it.each(['127.0.0.1', '0.0.0.0'])('move on when somebody listens on %s', async (host) => {
    const taken = await listen(host);
    const given = await new Ports().take(taken);
    expect(given).toBeGreaterThan(taken);
    expect(given - taken).toBeLessThan(50);
  });

  it('are never handed out twice, even while nobody listens on them yet', async () => {
    const ports = new Ports();
    const first = await ports.take(0);
    expect(await ports.take(first)).not.toBe(first);
    expect(await new Ports().take(first)).not.toBe(first);
  });

  it('are all different when several starts look for one at the same moment', async () => {
    const wanted = await listen('127.0.0.1');
    await stopListening();
    const given = await Promise.all(Array.from({ length: 20 }, () => new Ports().take(wanted)));
    expect(new Set(given).size).toBe(20);
  });

  it('end with the highest number: nothing wraps around', async () => {
    const ports = new Ports();
    // Whoever has it now, it is taken after this.
    await ports.take(65_535).catch((error: unknown) => expect(error).toBeInstanceOf(NoFreePort));
    await expect(ports.take(65_535)).rejects.toThrow(NoFreePort);
  });
});
