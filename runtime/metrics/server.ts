import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config.js';
import { mayScrape } from './token.js';
import type { Metrics } from './metrics.js';

/** What serves the figures of a process that has no API. */
export interface MetricsServer {
  port: number;
  close(): Promise<void>;
}

/**
 * Serves `GET /metrics`, and nothing else, at `CARILLON_METRICS_PORT`; undefined where none is set.
 * @throws when the port is taken.
 */
export async function startMetricsServer(
  config: Pick<Config, 'CARILLON_METRICS_HOST' | 'CARILLON_METRICS_PORT' | 'CARILLON_METRICS_TOKEN'>,
  metrics: Metrics,
): Promise<MetricsServer | undefined> {
  const { CARILLON_METRICS_HOST: host, CARILLON_METRICS_PORT: port } = config;
  if (port === undefined) return undefined;
  const server: Server = createServer((request, response) => {
    const answer = (status: number, text: string, type = 'text/plain; charset=utf-8') =>
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') answer(404, 'not found\n');
    else if (!mayScrape(config, request.headers.authorization)) answer(401, 'send the metrics token\n');
    else
      metrics.text().then(
        (text) => answer(200, text, metrics.contentType),
        () => answer(500, 'the figures cannot be read\n'),
      );
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
