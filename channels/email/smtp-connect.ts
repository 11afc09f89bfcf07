import { connect, type Socket } from 'node:net';
import type { SMTPPoolOptions } from 'nodemailer';
import { AddressNotAllowedError, type Network } from '../../contracts/network.js';

/** Longest that looking up a host and connecting to it may take, in milliseconds. */
export const CONNECT_TIMEOUT_MS = 20_000;
/** Before the next address of a host is tried: Node's quarter of a second is too little for a server far away. */
const NEXT_ADDRESS_MS = 2_000;

/**
 * Opens each connection of a transport to an address that the network allows, asked for at that moment: between two
 * connections DNS may have changed its mind. The host's name stays with the transport, which checks the certificate
 * against it.
 * @param options.signal ends the connection, too, once it is open.
 */
export function socketsThrough(
  network: Network,
  server: { host: string; port: number },
  options: { signal?: AbortSignal } = {},
): NonNullable<SMTPPoolOptions['getSocket']> {
  return (_options, done) => {
    open(network, server, options.signal).then(
      (connection) => done(null, { connection }),
      (error: unknown) => done(asTransportError(error)),
    );
  };
}

async function open(
  network: Network,
  { host, port }: { host: string; port: number },
  signal: AbortSignal | undefined,
): Promise<Socket> {
  const startedAt = Date.now();
  const address = await withinMs(CONNECT_TIMEOUT_MS, network.resolve(host));
  const socket = connect({
    host: address,
    port,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    ...(signal ? { signal } : {}),
  });
  try {
    const connected = new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    await withinMs(Math.max(1, startedAt + CONNECT_TIMEOUT_MS - Date.now()), connected);
    socket.removeAllListeners('connect').removeAllListeners('error');
    return socket;
  } catch (error) {
    // What it still has to say is about a connection that nobody waits for.
    socket.on('error', () => undefined).destroy();
    throw error;
  }
}

async function withinMs<T>(ms: number, waiting: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    const error = Object.assign(new Error('not connected in time'), {
      code: 'ETIMEDOUT',
      timeoutType: 'CONNECT_TIMEOUT',
    });
    timer = setTimeout(() => reject(error), ms);
  });
  try {
    return await Promise.race([waiting, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** As nodemailer tells of its own connections: its code for what failed, and the system's beside it. */
function asTransportError(error: unknown): Error {
  if (error instanceof AddressNotAllowedError) return error;
  const { code, syscall, timeoutType } = error as NodeJS.ErrnoException & { timeoutType?: string };
  const isTimeout = timeoutType !== undefined;
  const known = isTimeout ? 'ETIMEDOUT' : syscall === 'getaddrinfo' ? 'EDNS' : 'ESOCKET';
  return Object.assign(new Error('not connected', { cause: error }), {
    code: known,
    command: 'CONN',
    ...(isTimeout ? { timeoutType } : { originalCode: code }),
  });
}
