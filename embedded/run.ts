import { mkdirSync } from 'node:fs';
import { builtApps, type AppScripts } from './apps.js';
import { banner } from './banner.js';
import { createDemoTenant } from './demo-tenant.js';
import { removeEndpoints, writeEndpoints } from './endpoints.js';
import { Guard } from './guard.js';
import { loadKeys } from './keys.js';
import { Progress } from './progress.js';
import { RunRecord } from './run-record.js';
import { readSettings } from './settings.js';
import { Stack } from './stack.js';
import { choosePorts, describeEndpoints, startEverything } from './start.js';
import { StopRequest } from './stop-request.js';

/**
 * Runs all of Carillon on this machine until it is told to stop.
 * @param apps the API and the worker; default: the built ones
 * @returns after a clean stop
 * @throws when the start fails, after everything that was started has been stopped.
 */
export async function runEmbedded(apps: AppScripts = builtApps): Promise<void> {
  const beganMs = Date.now();
  const settings = readSettings();
  const { dataFolder } = settings;
  const progress = new Progress();
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const record = await RunRecord.take(dataFolder, (line) => progress.say(line));
  const guard = new Guard();
  const stack = new Stack(guard, record, progress);
  const stop = new StopRequest(() => {
    progress.say('killing everything');
    void stack.kill();
  });

  try {
    removeEndpoints(dataFolder);
    const keys = loadKeys(settings);
    const ports = await choosePorts(settings);
    const endpoints = describeEndpoints(settings, ports, keys);
    record.setApi(endpoints.api);
    if (ports.api !== settings.CARILLON_API_PORT) {
      progress.say(`Port ${settings.CARILLON_API_PORT} is taken, so the API takes ${ports.api}.`);
    }
    const context = { settings, keys, ports, endpoints, apps, stack, progress };
    const start = async () => {
      await startEverything(context);
      await createDemoTenant(endpoints);
      writeEndpoints(dataFolder, endpoints);
      progress.say(banner(endpoints, { seconds: (Date.now() - beganMs) / 1000, dataFolder }));
    };
    // A start that is cut off fails in its own time, and that tells nothing new.
    const reason = await Promise.race([stop.requested, start().then(() => stop.requested)]);
    progress.say(`\nstopping (${reason}) …`);
  } finally {
    await stack.stop();
    removeEndpoints(dataFolder);
    record.release();
    guard.dismiss();
  }
  progress.say('stopped');
}
