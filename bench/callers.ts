import { Agent, request as httpRequest } from 'node:http';

/** Calls `call` from `callers` at once, `total` times in all; each call's milliseconds. */
export async function byCallers(
  callers: number,
  total: number,
  call: () => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = [];
  let left = total;
  const one = async () => {
    while (left > 0) {
      left -= 1;
      const beganMs = performance.now();
      await call();
      times.push(performance.now() - beganMs);
    }
  };
  await Promise.all(Array.from({ length: callers }, one));
  return times;
}

/** An HTTP client over kept connections, light enough not to be what is measured. */
export class HttpCaller {
  private readonly agent: Agent;

  constructor(
    private readonly base: string,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** The answer's body. @throws when the status is not `expected`. */
  call(
    method: string,
    path: string,
    options: { token: string; tenantId?: string; body?: unknown; expected: number },
  ): Promise<string> {
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        `${this.base}${path}`,
        {
          method,
          agent: this.agent,
          headers: {
            authorization: `Bearer ${options.token}`,
            ...(options.tenantId === undefined ? {} : { 'x-tenant-id': options.tenantId }),
            ...(body === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () => {
            const text = Buffer.concat(chunks).toString();
            if (response.statusCode === options.expected) resolve(text);
            else reject(new Error(`the API answered ${response.statusCode}: ${text.slice(0, 500)}`));
          });
        },
      );
      request.once('error', reject);
      request.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
