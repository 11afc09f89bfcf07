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
  handOutCounts(new Set(Object.keys(store.__VITEST_COVERAGE__)));
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

/** @param ours files that this process has loaded too: counted there, by other positions, which do not add up. */
function handOutCounts(ours: ReadonlySet<string>): void {
  const create = Worker.create.bind(Worker);
  const fn = (_info: unknown, counts: Counts) => {
    for (const [path, file] of Object.entries(counts)) {
      if (path.includes('/workflows/') && !ours.has(path))
        addTo((store.__VITEST_COVERAGE__ ??= {}), path, file);
    }
  };
  Worker.create = (options) =>
    create({ ...options, sinks: { ...options.sinks, coverage: { merge: { fn } } } });
}

function addTo(all: Counts, path: string, file: FileCounts): void {
  const known = all[path];
  if (!known) {
    all[path] = file;
    return;
  }
  for (const counts of ['s', 'f'] as const) {
    for (const [key, count] of Object.entries(file[counts]))
      known[counts][key] = (known[counts][key] ?? 0) + count;
  }
  for (const [key, arms] of Object.entries(file.b)) {
    known.b[key] = arms.map((count, arm) => count + (known.b[key]?.[arm] ?? 0));
  }
}
