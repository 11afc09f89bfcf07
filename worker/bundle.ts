import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';
import { maskText } from '../runtime/logger.js';

/** Where the build puts the bundle, beside the compiled worker. */
export const bundlePath = fileURLToPath(new URL('./workflow-bundle.js', import.meta.url));

/**
 * The workflow code in the form that workers load: the build's bundle, or, run from source, one made now.
 * @throws when the workflows do not bundle.
 */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  if (existsSync(bundlePath)) return { codePath: bundlePath };
  return bundleWorkflows(fileURLToPath(new URL('../workflows/workflows.ts', import.meta.url)));
}

/** Bundles the workflows at `workflowsPath` (TypeScript or JavaScript). */
export async function bundleWorkflows(workflowsPath: string): Promise<{ code: string }> {
  const problems: string[] = [];
  try {
    const { code } = await bundleWorkflowCode({
      workflowsPath,
      webpackConfigHook: (config) => ({
        ...config,
        resolve: { ...config.resolve, extensionAlias: { '.js': ['.ts', '.js'] } },
      }),
      logger: {
        log: () => undefined,
        trace: () => undefined,
        debug: () => undefined,
        info: () => undefined,
        warn: (message) => problems.push(maskText(message)),
        error: (message) => problems.push(maskText(message)),
      },
    });
    return { code };
  } catch (error) {
    const reasons = [...problems, maskText((error as Error).message)];
    throw new Error(`the workflows did not bundle:\n${reasons.join('\n')}`, { cause: error });
  }
}
