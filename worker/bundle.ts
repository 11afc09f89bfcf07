import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';
import { maskText } from '../runtime/logger.js';
import { workflowTracing } from './tracing.js';

/** Where the build puts the bundles, beside the compiled worker: without and with what traces. */
const bundlePath = fileURLToPath(new URL('./workflow-bundle.js', import.meta.url));
const tracedBundlePath = fileURLToPath(new URL('./workflow-bundle-traced.js', import.meta.url));

/**
 * The workflow code in the form that workers load: the build's bundle, or, run from source, one made now.
 * @throws when the workflows do not bundle.
 */
export async function workflowBundle(isTraced = false): Promise<WorkflowBundleOption> {
  const codePath = isTraced ? tracedBundlePath : bundlePath;
  if (existsSync(codePath)) return { codePath };
  return bundleWorkflows(fileURLToPath(new URL('../workflows/workflows.ts', import.meta.url)), isTraced);
}

/**
 * Bundles the workflows at `workflowsPath` (TypeScript or JavaScript).
 * @param isTraced with the interceptors that make spans of what they do; they issue no commands.
 */
export async function bundleWorkflows(workflowsPath: string, isTraced = false): Promise<{ code: string }> {
  const problems: string[] = [];
  try {
    const { code } = await bundleWorkflowCode({
      workflowsPath,
      ...(isTraced ? { workflowInterceptorModules: [workflowTracing] } : {}),
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
