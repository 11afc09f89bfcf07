import { WorkflowCoverage } from '@temporalio/nyc-test-coverage';
import { bundleWorkflowCode, DefaultLogger, Worker, type WorkflowBundleOption } from '@temporalio/worker';

/** Counts of one file, as istanbul keeps them: of statements, functions and the arms of branches. */
interface FileCounts {
  s: Record<string, number>;
  f: Record<string, number>;
  b: Record<string, number[]>;
}
type Counts = Record<string, FileCounts>;

/** Where vitest's istanbul provider keeps the counts of this process; absent when none are collected. */
const store = globalThis as { __VITEST_COVERAGE__?: Counts; __coverage__?: Counts };

const coverage = new WorkflowCoverage();

/**
 * Workflow code runs in a sandbox that vitest does not instrument. When coverage is collected this answers a bundle
 * that counts for itself and has every worker hand the counts out through a sink; else undefined.
 */
export async function coveredBundle(workflowsPath: string): Promise<WorkflowBundleOption | undefined> {
  if (!store.__VITEST_COVERAGE__) return undefined;
  // What the library goes by.
  store.__coverage__ ??= {};
  handOutCounts();
  return bundleWorkflowCode(
    coverage.augmentBundleOptions({
      workflowsPath,
      logger: new DefaultLogger('ERROR'),
      webpackConfigHook: (config) => ({
        ...config,
        resolve: { ...config.resolve, extensionAlias: { '.js': ['.ts', '.js'] } },
      }),
    }),
  );
}

/** But for files that this process has loaded too: counted there, by other positions, which do not add up. */
function handOutCounts(): void {
  const create = Worker.create.bind(Worker);
  const handedOut = new Map<string, FileCounts>();
  const fn = (_info: unknown, counts: Counts) => {
    const all = (store.__VITEST_COVERAGE__ ??= {});
    for (const [path, file] of Object.entries(counts)) {
      if (!path.includes('/workflows/')) continue;
      const known = all[path];
      if (known && known === handedOut.get(path)) addTo(known, file);
      else if (!known) handedOut.set(path, (all[path] = file));
    }
  };
  Worker.create = (options) =>
    create({ ...options, sinks: { ...options.sinks, coverage: { merge: { fn } } } });
}

function addTo(known: FileCounts, file: FileCounts): void {
  for (const counts of ['s', 'f'] as const) {
    for (const [key, count] of Object.entries(file[counts]))
      known[counts][key] = (known[counts][key] ?? 0) + count;
  }
  for (const [key, arms] of Object.entries(file.b)) {
    known.b[key] = arms.map((count, arm) => count + (known.b[key]?.[arm] ?? 0));
  }
}
