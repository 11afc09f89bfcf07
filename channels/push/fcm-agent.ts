import { AsyncLocalStorage } from 'node:async_hooks';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent } from 'node:https';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Connections of one service account: as many sends at once as one process makes of one tenant's. */
const MAX_SOCKETS = 50;

/** What the SDK tells nobody: the status of FCM's answer, and how long it asks to wait. */
export interface FcmAnswer {
  status: number;
  retryAfter: string | undefined;
}

/** One call of the SDK that ended here, before the SDK ended it: where the connection failed, with its error's code. */
export class FcmCallOver extends Error {
  override readonly name = 'FcmCallOver';

  constructor(readonly code?: string) {
    super('the call is over');
  }
}

interface Call {
  answer?: FcmAnswer;
  request?: ClientRequest;
  /** Requests made for it. */
  requests: number;
  over: boolean;
  end(code?: string): void;
}

/** Node calls an agent so for each request; its types do not say it. */
interface RequestTaker {
  addRequest(request: ClientRequest, options: object): void;
}
const takers = Agent.prototype as unknown as RequestTaker;

/**
 * The connections of one service account, and the one place through which the SDK's requests can be seen. The SDK takes
 * no signal, hides Retry-After, and asks a server that answered 503, or hung up, four times more within seconds; so a call
 * ends here, with its signal, its first answer, or its connection's failure. What the SDK asks after that is refused.
 */
export class FcmAgent extends Agent {
  private readonly calls = new AsyncLocalStorage<Call>();

  /** @param endpoint where FCM is reached instead of Google's host: `http:` or `https:`. */
  constructor(private readonly endpoint: URL | undefined) {
    super({ keepAlive: true, maxSockets: MAX_SOCKETS });
  }

  /**
   * Makes one call of the SDK.
   * @returns its result or its error, and the answer that FCM gave.
   */
  async during<T>(
    signal: AbortSignal,
    send: () => Promise<T>,
  ): Promise<{ answer?: FcmAnswer } & ({ result: T } | { error: unknown })> {
    let end: Call['end'] = () => undefined;
    const over = new Promise<never>((_resolve, reject) => {
      end = (code) => reject(new FcmCallOver(code));
    });
    const call: Call = { requests: 0, over: false, end };
    const onAbort = () => {
      call.request?.destroy();
      end();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      const result = await Promise.race([this.calls.run(call, send), over]);
      return { answer: call.answer, result };
    } catch (error) {
      return { answer: call.answer, error };
    } finally {
      call.over = true;
      signal.removeEventListener('abort', onAbort);
    }
  }

  addRequest(request: ClientRequest, options: object): void {
    const call = this.calls.getStore();
    if (call?.over === true || call?.answer) {
      // Asked once more. Nobody waits for its end any more.
      request.destroy();
      call.end();
      return;
    }
    if (call) {
      call.request = request;
      call.requests += 1;
      request.once('response', (response) => noteAnswer(call, response));
      request.once('error', (error) => noteFailure(call, request, error));
    }
    takers.addRequest.call(this, request, options);
  }

  override createConnection(
    ...args: Parameters<Agent['createConnection']>
  ): ReturnType<Agent['createConnection']> {
    return this.endpoint === undefined ? super.createConnection(...args) : connectTo(this.endpoint);
  }
}

function noteAnswer(call: Call, response: IncomingMessage): void {
  const status = response.statusCode ?? 0;
  call.answer = { status, retryAfter: response.headers['retry-after'] };
  if (status === 503) call.end();
}

/** A kept connection that turns out to be closed says nothing of FCM: the SDK may ask once more. */
function noteFailure(call: Call, request: ClientRequest, error: Error & { code?: string }): void {
  if (request.reusedSocket && call.requests === 1) return;
  call.end(error.code ?? error.name);
}

function connectTo({ protocol, hostname, port }: URL): Socket {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (protocol === 'http:') return connectPlain({ host, port: Number(port || 80) });
  return connectTls({ host, port: Number(port || 443), servername: host });
}
