import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { lastLine, ProgramFailed, runToEnd } from './run-to-end.js';
import type { Report, Source } from './server-binary.js';

const require = createRequire(import.meta.url);

/*
 * Both vendors' libraries run in a short-lived Node process of their own: their memory goes away with it, and so do the
 * settings below. The scripts are given as text because a file would have to be found both in source and in a build.
 */

/**
 * The SDK downloads and at once starts what it downloaded. Files made under this umask cannot be executed, so the start
 * fails, by intent: nothing runs before its checksum was compared.
 */
const temporalScript = `
  process.umask(0o111);
  const [, library, method, version, downloadDir] = process.argv;
  const { TestWorkflowEnvironment } = require(library);
  const executable = { type: 'cached-download', version, downloadDir };
  TestWorkflowEnvironment[method]({ server: { executable } }).catch((error) => {
    console.error(String(error.message).split('\\n')[0]);
    process.exit(1);
  });
`;

/** Temporal's own download, in the SDK's way. `release` without a leading v. */
export function temporalVendor(kind: 'cli' | 'test-server', release: string): Source {
  const method = kind === 'cli' ? 'createLocal' : 'createTimeSkipping';
  return {
    title: "the vendor's download",
    fetch: async (folder, report) => {
      report(`asking the vendor for ${release}`);
      const output = await runScript(
        temporalScript,
        ['@temporalio/testing', method, `v${release}`, folder],
        {},
      );
      const downloaded = (await readdir(folder)).find(
        (file) => file.startsWith('temporal') && file.endsWith(release),
      );
      if (downloaded === undefined) throw new Error(lastLine(output) || 'nothing was downloaded');
      return join(folder, downloaded);
    },
  };
}

const mongodScript = `
  const [, library, version, downloadDir] = process.argv;
  require(library).MongoBinary.getPath({ version, downloadDir, checkMD5: true }).then(
    (path) => console.log('path=' + path),
    (error) => { console.error(String(error.message).split('\\n')[0]); process.exit(1); },
  );
`;

/** MongoDB's own download through mongodb-memory-server-core, which compares the vendor's MD5. */
export function mongodVendor(release: string): Source {
  return {
    title: "the vendor's download",
    fetch: async (folder, report) => {
      report(`asking the vendor for ${release}`);
      const output = await runScript(mongodScript, ['mongodb-memory-server-core', release, folder], {
        // The library checks the server's certificate only when npm is told to.
        env: { npm_config_strict_ssl: 'true', MONGOMS_MD5_CHECK: 'true', MONGOMS_DOWNLOAD_DIR: folder },
        report,
      });
      const [, path] = /^path=(.+)$/m.exec(output) ?? [];
      if (path === undefined) throw new Error(lastLine(output) || 'nothing was downloaded');
      return path;
    },
  };
}

async function runScript(
  script: string,
  [library, ...args]: readonly [library: string, ...args: string[]],
  options: { env?: NodeJS.ProcessEnv; report?: Report },
): Promise<string> {
  try {
    return await runToEnd(process.execPath, ['--eval', script, require.resolve(library), ...args], {
      env: { ...process.env, NODE_OPTIONS: '', ...options.env },
      onLine: (line) => {
        const [, percentage] = /(\d[\d.]*%)/.exec(line) ?? [];
        if (percentage !== undefined) options.report?.(`downloading from the vendor, ${percentage}`);
      },
    });
  } catch (error) {
    if (error instanceof ProgramFailed) return error.output;
    throw error;
  }
}
