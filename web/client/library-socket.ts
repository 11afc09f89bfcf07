import { io } from 'socket.io-client';
import type { Connection, ConnectionEvents, ConnectionOptions } from './connection.js';

/** Socket.IO with all its ways through a network: it polls, and goes on over a WebSocket where one gets through. */
export function openLibrarySocket({ url, auth }: ConnectionOptions, events: ConnectionEvents): Connection {
  const { origin, pathname } = new URL(url);
  const socket = io(`${origin}/inbox`, {
    path: `${pathname.replace(/\/$/, '')}/socket.io`,
    auth,
    transports: ['polling', 'websocket'],
    forceNew: true,
    reconnection: false,
    timeout: 60_000,
  });
  const close = () => {
    socket.off();
    socket.offAny();
    socket.disconnect();
  };
  socket.on('connect_error', (error: Error & { data?: Parameters<ConnectionEvents['refused']>[0] }) => {
    close();
    if (error.data) events.refused(error.data);
    else events.closed(false);
  });
  socket.on('disconnect', (reason) => {
    close();
    events.closed(reason === 'io server disconnect');
  });
  socket.onAny(events.heard);
  return { close };
}
