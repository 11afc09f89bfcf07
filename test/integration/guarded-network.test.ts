import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AddressNotAllowedError } from '../../contracts/network.js';
import { guardedNetwork, type HostAddress, type Lookup } from '../../runtime/guarded-network.js';

const PUBLIC: HostAddress = { address: '93.184.216.34', family: 4 };
const LOOPBACK: HostAddress = { address: '127.0.0.1', family: 4 };

let server: Server;
let port: number;
/** What the server on this machine was asked for. */
let asked: string[];
let connections: number;

beforeAll(async () => {
  server = createServer(answer);
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});

afterAll(async () => {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

beforeEach(() => {
  asked = [];
  connections = 0;
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  asked.push(`${request.method} ${request.headers.host} ${request.url}`);
  if (request.url === '/away') response.writeHead(302, { location: `http://127.0.0.1:${port}/secret` });
  response.end('hello');
}

/** A resolver that answers each question as told, in turn, and the last one for good. */
function resolver(...answers: readonly HostAddress[][]): Lookup & { calls: string[] } {
  const calls: string[] = [];
  return Object.assign(
    (host: string) => {
      calls.push(host);
      return Promise.resolve(answers[Math.min(calls.length, answers.length) - 1] ?? []);
    },
    { calls },
  );
}

const loopbackHosts = [
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '0',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  'localhost',
  'LOCALHOST.',
  'api.localhost',
  '①②⑦.⓪.⓪.①',
  '169.254.169.254',
];

describe('the guarded network', () => {
  it.each(loopbackHosts)('does not call http://%s', async (host) => {
    const calling = guardedNetwork({ allowPrivate: false }).fetch(`http://${host}:${port}/`);
    await expect(calling).rejects.toThrow(AddressNotAllowedError);
    expect(connections).toBe(0);
  });

  it('does not call a name that leads here', async () => {
    const lookup = resolver([LOOPBACK]);
    const calling = guardedNetwork({ allowPrivate: false, lookup }).fetch(`http://hook.example:${port}/`);
    await expect(calling).rejects.toMatchObject({ name: 'AddressNotAllowedError', host: 'hook.example' });
    expect(connections).toBe(0);
  });

  it('does not call a name that leads here among others', async () => {
    const network = guardedNetwork({ allowPrivate: false, lookup: resolver([PUBLIC, LOOPBACK]) });
    await expect(network.fetch(`http://hook.example:${port}/`)).rejects.toThrow(AddressNotAllowedError);
    await expect(network.resolve('hook.example')).rejects.toThrow(AddressNotAllowedError);
  });

  it('does not call a name that led elsewhere when it was looked at before', async () => {
    const lookup = resolver([PUBLIC], [LOOPBACK]);
    const network = guardedNetwork({ allowPrivate: false, lookup });
    expect(await network.resolve('hook.example')).toBe(PUBLIC.address);
    await expect(network.fetch(`http://hook.example:${port}/`)).rejects.toThrow(AddressNotAllowedError);
    expect(connections).toBe(0);
  });

  it('asks once per connection, and connects to what it was told', async () => {
    const lookup = resolver([LOOPBACK], [{ address: '127.255.255.254', family: 4 }]);
    const network = guardedNetwork({ allowPrivate: true, lookup });
    expect(await (await network.fetch(`http://hook.example:${port}/`)).text()).toBe('hello');
    expect(lookup.calls).toEqual(['hook.example']);
    expect(asked).toEqual([`GET hook.example:${port} /`]);
  });

  it('calls this machine where the deployment allows it', async () => {
    const network = guardedNetwork({ allowPrivate: true });
    for (const host of ['127.0.0.1', 'localhost', '2130706433']) {
      const response = await network.fetch(`http://${host}:${port}/`, { method: 'POST', body: 'x' });
      expect([host, response.status]).toEqual([host, 200]);
      await response.text();
    }
    expect(await network.resolve('127.0.0.1')).toBe('127.0.0.1');
  });

  it('follows no redirect: the answer is the redirect', async () => {
    const response = await guardedNetwork({ allowPrivate: true }).fetch(`http://127.0.0.1:${port}/away`, {
      redirect: 'follow',
    });
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe(`http://127.0.0.1:${port}/secret`);
    expect(asked).toHaveLength(1);
  });

  it.each([
    'ftp://hook.example/',
    'file:///etc/passwd',
    'data:text/plain,hello',
    'blob:https://x/1',
    'ws://hook.example/',
  ])('does not fetch %s, wherever it leads', async (url) => {
    const calling = guardedNetwork({ allowPrivate: true }).fetch(url);
    await expect(calling).rejects.toThrow('the address is not of http or https');
  });

  it('takes no credentials in a URL', async () => {
    const calling = guardedNetwork({ allowPrivate: true }).fetch(`http://ann:secret@127.0.0.1:${port}/`);
    await expect(calling).rejects.toThrow('the address has credentials in it');
  });

  it.each([22, 25, 587, 6667])('refuses port %i', async (blocked) => {
    const calling = guardedNetwork({ allowPrivate: true }).fetch(`http://127.0.0.1:${blocked}/`);
    await expect(calling).rejects.toMatchObject({ cause: { message: 'bad port' } });
  });

  it('fails like fetch where nobody answers, and ends when told to', async () => {
    const network = guardedNetwork({ allowPrivate: true });
    await expect(network.fetch('http://127.0.0.1:1023/')).rejects.toMatchObject({
      cause: { code: 'ECONNREFUSED' },
    });
    const stopped = network.fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('resolves public hosts only, for what does not speak HTTP', async () => {
    const network = guardedNetwork({ allowPrivate: false, lookup: resolver([PUBLIC]) });
    expect(await network.resolve('mail.example')).toBe(PUBLIC.address);
    expect(await network.resolve('[2606:4700::1111]')).toBe('2606:4700::1111');
    for (const host of ['127.0.0.1', '[::1]', '::ffff:10.0.0.1', 'fe80::1%eth0'])
      await expect(network.resolve(host), host).rejects.toThrow(AddressNotAllowedError);
    const system = guardedNetwork({ allowPrivate: false });
    for (const host of ['localhost', 'localhost.', '2130706433', '0x7f.1'])
      await expect(system.resolve(host), host).rejects.toThrow(AddressNotAllowedError);
  });

  it('says when a name has no address', async () => {
    const network = guardedNetwork({ allowPrivate: true, lookup: resolver([]) });
    await expect(network.resolve('nowhere.example')).rejects.toThrow('the name has no address');
    const system = guardedNetwork({ allowPrivate: false });
    await expect(system.resolve('nowhere.invalid')).rejects.toMatchObject({ syscall: 'getaddrinfo' });
  });
});
