import { defineConfig } from 'vitest/config';

const shared = { testTimeout: 60_000, hookTimeout: 180_000, pool: 'forks' as const };
/** Files that reach into their process, so that they have one of their own. */
const ownProcess = ['test/unit/templates-compile.test.ts'];

export default defineConfig({
  test: {
    // Many tests wait, for a server to come back, say, so that two cores have room for a third.
    maxWorkers: 3,
    // A process goes through many files: loading the product's modules takes longer than most files' tests do. Projects
    // come one after the other, since a process keeps to one.
    isolate: false,
    projects: [
      {
        test: {
          ...shared,
          name: 'real servers',
          include: ['test/{integration,workflow,faults,browser}/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          exclude: ownProcess,
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: { ...shared, name: 'own process', include: ownProcess, sequence: { groupOrder: 2 } },
      },
    ],
    coverage: {
      provider: 'v8',
      // What runs in the tests' own processes. Commands (`cli/`) run in theirs, and workflows in Temporal's sandbox.
      include: [
        '{contracts,policy,activities,channels,templates,models,commands,events,api,worker,runtime,embedded}/**/*.ts',
      ],
      reporter: ['text-summary', 'json-summary'],
      reportOnFailure: true,
      // Of the whole run; a run of some files is not held to them unless it asks for coverage.
      thresholds: { statements: 90, lines: 90, functions: 90, branches: 85 },
    },
  },
});
