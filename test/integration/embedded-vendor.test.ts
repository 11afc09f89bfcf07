import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { runToEnd } from '../../embedded/servers/run-to-end.js';
import { mongodVendor, temporalVendor } from '../../embedded/servers/vendor.js';

/*
 * The vendors' own libraries, with a server of this machine in the place of MongoDB's, and no way out to Temporal's.
 */

const program = '#!/bin/sh\necho "db version v7.0.1"\n';

let folder: string;
let told: string[];
const report = (text: string) => void told.push(text);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-vendor-'));
  told = [];
  for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'npm_config_proxy']) {
    vi.stubEnv(name, undefined);
  }
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** An archive like MongoDB's, with a program as small as can be. */
async function archive(): Promise<Buffer> {
  const release = join(folder, 'release', 'mongodb');
  await mkdir(join(release, 'bin'), { recursive: true });
  await writeFile(join(release, 'bin', 'mongod'), program, { mode: 0o755 });
  const path = join(folder, 'release.tgz');
  await runToEnd('tar', ['-czf', path, '-C', join(folder, 'release'), 'mongodb']);
  return readFile(path);
}

/** MongoDB's download server: an archive for whatever is asked, and a checksum. */
async function downloads(answer: { archive?: Buffer; md5?: string }): Promise<void> {
  const server = createServer((request, response) => {
    const isChecksum = request.url?.endsWith('.md5');
    const content = isChecksum ? answer.md5 : answer.archive;
    if (content === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-length': Buffer.byteLength(content) }).end(content);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  vi.stubEnv('MONGOMS_DOWNLOAD_MIRROR', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('MONGOMS_USE_HTTP', 'true');
}

async function emptyFolder(): Promise<string> {
  const into = join(folder, 'into');
  await mkdir(into);
  return into;
}

const md5 = (content: Buffer) => createHash('md5').update(content).digest('hex');

describe('MongoDB from its vendor', () => {
  it('is put into the folder that was named', async () => {
    const bytes = await archive();
    await downloads({ archive: bytes, md5: `${md5(bytes)}  release.tgz\n` });
    const into = await emptyFolder();
    const path = await mongodVendor('7.0.28').fetch(into, report);
    expect(path.startsWith(into)).toBe(true);
    expect(await readFile(path, 'utf8')).toBe(program);
  });

  it('tells how far the download is', async () => {
    const bytes = await archive();
    await downloads({ archive: bytes, md5: `${md5(bytes)}  release.tgz\n` });
    await mongodVendor('7.0.28').fetch(await emptyFolder(), report);
    expect(told).toEqual(expect.arrayContaining(['asking the vendor for 7.0.28']));
    expect(told.join('\n')).toMatch(/downloading from the vendor, [\d.]+%/);
  });

  it('is refused when the vendor’s checksum is another, with the reason', async () => {
    await downloads({ archive: await archive(), md5: `${md5(Buffer.from('another'))}  release.tgz\n` });
    await expect(mongodVendor('7.0.28').fetch(await emptyFolder(), report)).rejects.toThrow(/md5/i);
  });

  it('that the vendor does not have is told with the reason', async () => {
    await downloads({});
    await expect(mongodVendor('7.0.28').fetch(await emptyFolder(), report)).rejects.toThrow(
      /Download failed for url .*7\.0\.28/,
    );
  });
});

describe('Temporal from its vendor', () => {
  // Nobody listens there: no request leaves this machine.
  beforeEach(() => {
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9');
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:9');
  });

  it.each(['cli', 'test-server'] as const)(
    'that cannot be reached is told with a reason: %s',
    async (kind) => {
      const fetching = temporalVendor(kind, '1.2.3').fetch(await emptyFolder(), report);
      await expect(fetching).rejects.toThrow(/\w+ \w+/);
      expect(told).toEqual(['asking the vendor for 1.2.3']);
    },
  );

  it('is what the SDK has put into the folder, and was not run', async () => {
    const into = await emptyFolder();
    const marker = join(folder, 'it ran');
    const file = join(into, 'temporal-sdk-typescript-1.2.3');
    await writeFile(file, `#!/bin/sh\ntouch '${marker}'\n`);
    expect(await temporalVendor('cli', '1.2.3').fetch(into, report)).toBe(file);
    await expect(stat(marker)).rejects.toThrow('ENOENT');
  });
});
