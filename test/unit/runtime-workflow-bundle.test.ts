import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleWorkflows, workflowBundle } from '../../worker/bundle.js';
import { temporaryFolder } from '../support/processes.js';

/** A file of workflows, beside the packages that workflows need. */
function workflows(source: string): string {
  const folder = temporaryFolder();
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'));
  const path = join(folder, 'workflows.ts');
  writeFileSync(path, source);
  return path;
}

describe('the workflows in the form that workers load', () => {
  it('are made from source where there is no build', async () => {
    expect(await workflowBundle()).toEqual({ code: expect.stringContaining('CarillonStatus') });
  });

  it('are not made of what does not bundle, and the reason is told', async () => {
    const path = workflows(`import { gone } from './gone.js';\nexport const workflow = gone;\n`);
    await expect(bundleWorkflows(path)).rejects.toThrow(/the workflows did not bundle:[^]*'\.\/gone\.js'/);
  });

  it.each(['fs', 'node:fs'])('are not made of what reaches for the machine: %s is named', async (name) => {
    const path = workflows(
      `import { readFileSync } from '${name}';\nexport const workflow = readFileSync;\n`,
    );
    const reason: unknown = await bundleWorkflows(path).catch((error: unknown) => error);
    expect(String(reason)).toMatch(/^Error: the workflows did not bundle:/);
    expect(String(reason)).toContain(name);
  });
});
