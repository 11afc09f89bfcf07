import { fileURLToPath } from 'node:url';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';
import { beforeAll, expect, inject, it } from 'vitest';
import { bundleWorkflows } from '../../worker/bundle.js';
import { recordHistories, savedHistories, stories } from '../support/saved-histories.js';

// SAVE_HISTORIES=1 records those that are missing first: see test/histories/README.md.
beforeAll(async () => {
  if (process.env.SAVE_HISTORIES !== '1') return;
  await recordHistories({ temporalAddress: inject('temporalAddress'), mongodbUri: inject('mongodbUri') });
}, 600_000);

/** What came of each saved history under the code in this file; undefined where it replayed. */
async function replay(workflows: string, isTraced = false): Promise<Map<string, Error | undefined>> {
  const workflowBundle = await bundleWorkflows(fileURLToPath(new URL(workflows, import.meta.url)), isTraced);
  // Where spans would go.
  const sinks = { exporter: { export: { fn: () => undefined } } };
  const results = new Map<string, Error | undefined>();
  const replays = Worker.runReplayHistories({ workflowBundle, sinks }, await savedHistories());
  for await (const { workflowId, error } of replays) results.set(workflowId, error);
  return results;
}

it('replays every saved history under the code of today', async () => {
  const results = await replay('../../workflows/workflows.ts');
  expect([...results].filter(([, error]) => error !== undefined)).toEqual([]);
  expect([...results.keys()]).toEqual(expect.arrayContaining(Object.keys(stories)));
});

it('replays them where the workflows are traced, too: a deployment may begin to trace at any time', async () => {
  const results = await replay('../../workflows/workflows.ts', true);
  expect([...results].filter(([, error]) => error !== undefined)).toEqual([]);
});

it('would notice one command more', async () => {
  const results = await replay('../support/reordered-workflows.ts');
  expect(results.size).toBeGreaterThan(0);
  for (const error of results.values()) expect(error).toBeInstanceOf(DeterminismViolationError);
});
