import { createSocket, type Socket } from 'node:dgram';
import { createServer } from 'node:net';

/** No port is free where one was looked for. */
export class NoFreePort extends Error {
  override readonly name = 'NoFreePort';
}

const TRIED_UPWARDS = 200;

/**
 * Hands out free TCP ports, each once on this machine: between the moment in which a port is found free and the moment
 * in which a server listens on it, another start may find it free too. So whoever takes a TCP port holds the UDP port of
 * the same number for as long as he lives; no server here uses that, and the system gives it back when he dies.
 */
export class Ports {
  private readonly held = new Map<number, Socket>();

  /**
   * The preferred port, or the next higher one that nobody listens on and nobody has taken.
   * @param preferred 1-65535; 0 asks for any free port
   * @throws {NoFreePort} when 200 in a row are taken.
   */
  async take(preferred: number): Promise<number> {
    for (let tried = 0; tried <= TRIED_UPWARDS; tried += 1) {
      const candidate = preferred === 0 ? await listenOnce(0, '127.0.0.1') : preferred + tried;
      if (candidate === undefined || candidate > 65_535) break;
      if (await this.hold(candidate)) return candidate;
    }
    throw new NoFreePort(`no port from ${preferred} upwards is free on this machine`);
  }

  private async hold(port: number): Promise<boolean> {
    if (this.held.has(port)) return false;
    const socket = await holdUdp(port);
    if (!socket) return false;
    const isFree =
      (await listenOnce(port, '127.0.0.1')) !== undefined &&
      (await listenOnce(port, '0.0.0.0')) !== undefined;
    if (isFree) this.held.set(port, socket);
    else socket.close();
    return isFree;
  }
}

/** Resolves to undefined when the port is taken, or reserved to others by the system. */
function holdUdp(port: number): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (isTaken(error)) resolve(undefined);
      else reject(error);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      // Holding a port is no reason for this process to stay.
      socket.unref();
      resolve(socket);
    });
  });
}

/** Listens for a moment; resolves to the port, or to undefined when it is taken or reserved. */
function listenOnce(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (isTaken(error)) resolve(undefined);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : undefined);
      });
    });
  });
}

function isTaken(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EADDRINUSE' || error.code === 'EACCES';
}
