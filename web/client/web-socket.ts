import type { Connection, ConnectionEvents, ConnectionOptions } from './connection.js';

// Socket.IO over a WebSocket, as much of it as an inbox needs: text, one namespace, nothing acknowledged. The library
// would be a third of all that a page with a bell loads; it is fetched where no WebSocket gets through, see
// library-socket.ts. Protocols: https://socket.io/docs/v4/engine-io-protocol/ and /socket-io-protocol/ (4 and 5).

const NAMESPACE = '/inbox,';

/** Whether there is one to be had: Node has it from version 22 on. */
export function hasWebSocket(): boolean {
  return typeof WebSocket === 'function';
}

export function openWebSocket({ url, auth }: ConnectionOptions, events: ConnectionEvents): Connection {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`);
  let isOver = false;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let patienceMs = 0;

  const end = (tell?: () => void) => {
    if (isOver) return;
    isOver = true;
    clearTimeout(silence);
    socket.close();
    tell?.();
  };
  const broken = () => end(() => events.closed(false));
  /** The server asks now and then whether anybody is there; where it does not, there is nobody there. */
  const beat = () => {
    clearTimeout(silence);
    silence = setTimeout(broken, patienceMs);
  };
  const packet = (type: string, body: string) => {
    const content: unknown = body && JSON.parse(body);
    if (type === '2') events.heard(...(content as [string, object]));
    else if (type === '1') end(() => events.closed(true));
    else if (type === '4') {
      const { data } = content as { data?: Parameters<ConnectionEvents['refused']>[0] };
      end(() => events.refused(data ?? {}));
    }
  };

  socket.onmessage = ({ data }: { data: unknown }) => {
    const text = String(data);
    if (isOver) return;
    if (text[0] === '0') {
      const { pingInterval, pingTimeout } = JSON.parse(text.slice(1)) as Record<string, number>;
      patienceMs = (pingInterval ?? 0) + (pingTimeout ?? 0);
      beat();
      socket.send(`40${NAMESPACE}${JSON.stringify(auth)}`);
    } else if (text[0] === '2') {
      beat();
      socket.send('3');
    } else if (text[0] === '4' && text.startsWith(NAMESPACE, 2)) {
      packet(text.charAt(1), text.slice(2 + NAMESPACE.length));
    }
  };
  socket.onclose = broken;
  socket.onerror = broken;
  return { close: () => end() };
}
