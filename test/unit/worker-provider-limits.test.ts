import { expect, it, vi } from 'vitest';
import type { WorkflowRuns } from '../../activities/dependencies.js';
import type { Models } from '../../models/models.js';
import { loadConfig } from '../../runtime/config.js';
import { createLogger } from '../../runtime/logger.js';
import { activityDependencies } from '../../worker/dependencies.js';

it('warns of a send limit on a provider that is not there, since it limits nothing', async () => {
  const log = createLogger({ level: 'silent', name: 'test' });
  const warn = vi.spyOn(log, 'warn');
  const config = loadConfig({
    MONGODB_URI: 'mongodb://127.0.0.1:27017/carillon',
    CARILLON_PROVIDER_LIMITS: 'email/stmp=1,email/smtp=2',
  });
  const { channels } = activityDependencies(config, {
    models: {} as Models,
    runs: {} as WorkflowRuns,
    log,
  });
  await channels.close();
  expect(warn.mock.calls).toEqual([
    [{ provider: 'email/stmp' }, 'send limit on a provider that is not there'],
  ]);
});
