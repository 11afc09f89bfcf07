import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchAttachment } from '../../activities/fetch-attachment.js';
import type { FailureReason } from '../../contracts/errors.js';
import { AddressNotAllowedError, type Network } from '../../contracts/network.js';
import { openNetwork } from '../../runtime/outbound.js';
import { startFileServer, type FileServer } from '../support/file-server.js';
import { failureOf, visibleText } from '../support/smtp-sending.js';

const pdf = { 'content-type': 'application/pdf; charset=binary' };

const pages: Record<string, RequestListener> = {
  '/file': (_request, response) => response.writeHead(200, pdf).end('%PDF'),
  '/unknown-type': (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end('%PDF'),
  '/no-type': (_request, response) => response.writeHead(200).end('%PDF'),
  '/odd-type': (_request, response) => response.writeHead(200, { 'content-type': 'message/rfc822' }).end('x'),
  '/login': (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<form>'),
  '/large': (_request, response) =>
    response.writeHead(200, { ...pdf, 'content-length': '101' }).end('x'.repeat(101)),
  '/endless': (_request, response) => {
    response.writeHead(200, pdf);
    const write = () => {
      while (!response.destroyed && response.write('x'.repeat(50)));
      response.once('drain', write);
    };
    write();
  },
  '/moved': (_request, response) => response.writeHead(302, { location: '/file' }).end(),
  '/gone': (_request, response) => response.writeHead(404).end(),
  '/busy': (_request, response) => response.writeHead(429).end(),
  '/broken': (_request, response) => response.writeHead(503).end(),
  '/cut': (_request, response) => {
    response.writeHead(200, { ...pdf, 'content-length': '50' });
    response.write('x', () => response.destroy());
  },
  '/hang': (_request, response) => void response.writeHead(200, pdf).write('x'),
};

let server: FileServer;
beforeAll(async () => {
  server = await startFileServer((request, response) =>
    pages[(request.url ?? '').split('?')[0] ?? '']?.(request, response),
  );
});
afterAll(() => server.close());

function fetching(
  path: string,
  options: { contentType?: string; timeoutMs?: number; network?: Network } = {},
) {
  const { contentType, timeoutMs = 10_000, network = openNetwork } = options;
  const signal = AbortSignal.timeout(timeoutMs);
  const url = `${server.url}${path}?token=s3cret`;
  return fetchAttachment(network, url, { name: 'attachment 1', contentType, maxBytes: 100, signal });
}

describe('a file that is to be attached', () => {
  it.each([
    ['/file', undefined, 'application/pdf'],
    ['/file', 'Application/PDF', 'Application/PDF'],
    ['/unknown-type', 'application/pdf', 'application/pdf'],
    ['/unknown-type', undefined, 'application/octet-stream'],
    ['/no-type', undefined, undefined],
    ['/odd-type', undefined, undefined],
  ])('comes from %s, wanted as %s, as %s', async (path, contentType, type) => {
    const { content, contentType: found } = await fetching(path, { contentType });
    expect(Buffer.from(content).length).toBeGreaterThan(0);
    expect(found).toBe(type);
  });

  it.each<[string, FailureReason, string]>([
    ['/login', 'content_error', 'attachment 1 is text/html, not application/pdf'],
    ['/large', 'content_error', 'attachment 1 is larger than what a mail may carry'],
    ['/endless', 'content_error', 'attachment 1 is larger than what a mail may carry'],
    ['/moved', 'content_error', 'attachment 1 was answered with 302, and redirects are not followed'],
    ['/gone', 'content_error', 'attachment 1 was answered with 404'],
    ['/busy', 'network_error', 'attachment 1 was answered with 429'],
    ['/broken', 'network_error', 'attachment 1 was answered with 503'],
    ['/cut', 'network_error', 'attachment 1 could not be fetched'],
  ])('is refused from %s: %s', async (path, reason, words) => {
    const failure = await failureOf(fetching(path, { contentType: 'application/pdf' }));
    expect(failure).toMatchObject({ reason, providerDown: false, providerResponse: `not sent: ${words}` });
    expect(visibleText(failure)).not.toContain('s3cret');
  });

  it('that does not come in time is tried again later', async () => {
    const failure = await failureOf(fetching('/hang', { timeoutMs: 200 }));
    expect(failure).toMatchObject({ reason: 'network_error', providerDown: false });
    expect(failure.providerResponse).toContain('did not come in time');
  });

  it('is not asked for where it may not be', async () => {
    const network: Network = {
      ...openNetwork,
      fetch: (url) => Promise.reject(new AddressNotAllowedError(new URL(url).host)),
    };
    const failure = await failureOf(fetching('/file', { network }));
    expect(failure).toMatchObject({ reason: 'content_error' });
    expect(failure.providerResponse).toBe('not sent: attachment 1 stands at no public address');
  });
});
