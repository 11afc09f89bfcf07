import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const shared = { testTimeout: 60_000, hookTimeout: 180_000, pool: 'forks' as const };
/** What modules of a deployment's own import, from the sources. */
const resolve = {
  alias: { 'carillon/channel': fileURLToPath(new URL('channels/public.ts', import.meta.url)) },
};

export default defineConfig({
  test: {
    // Two cores are shared with the servers under test.
    maxWorkers: 2,
    projects: [
      { resolve, test: { ...shared, name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      {
        resolve,
        test: {
          ...shared,
          name: 'real servers',
          include: ['test/{integration,workflow,faults}/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
    ],
    coverage: {
      provider: 'istanbul',
      include: [
        '{contracts,policy,workflows,activities,channels,templates,models,api,worker,runtime,embedded}/**/*.ts',
      ],
      reporter: ['text-summary', 'json-summary'],
      // Of the whole run; a run of some files is not held to them unless it asks for coverage.
      thresholds: { statements: 90, lines: 90, functions: 90, branches: 85 },
    },
  },
});
