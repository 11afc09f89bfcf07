import { beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../runtime/config.js';
import { carillonCommand, commandOf, containerNames, documentsOf, imageCommand } from './deploy-files.js';

interface Service {
  image: string;
  command: string[];
  environment: Record<string, string>;
  deploy?: { replicas: number };
  depends_on?: Record<string, { condition: string }>;
  stop_grace_period?: string;
  read_only?: boolean;
  cap_drop?: string[];
}

/** Those that run Carillon's image. */
const ours = ['api', 'worker', 'bulk-worker', 'indexes'];
let services: Record<string, Service>;

function service(name: string): Service {
  const found = services[name];
  if (!found) throw new Error(`no service ${name}`);
  return found;
}

beforeAll(async () => {
  const [file] = await documentsOf<{ services: Record<string, Service> }>('docker-compose.yml');
  services = file?.services ?? {};
});

/** As Compose does where only what has no default is set. */
function substituted(value: string): string {
  return value.replace(
    /\$\{(\w+)(?::-((?:[^{}]|\$\{[^}]*\})*)|:\?[^}]*)?\}/g,
    (_all, name: string, fallback) =>
      typeof fallback === 'string' ? substituted(fallback) : (required[name] ?? ''),
  );
}
const required: Record<string, string> = {
  MONGODB_PASSWORD: 'letters',
  CARILLON_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
  CARILLON_BOOTSTRAP_KEY: `ck_platform_${'0'.repeat(64)}`,
};
const configOf = (name: string) =>
  loadConfig(
    Object.fromEntries(
      Object.entries(service(name).environment).map(([key, value]) => [key, substituted(value)]),
    ),
  );

describe('docker-compose.yml', () => {
  it('runs Carillon’s image in these services only', () => {
    const found = Object.keys(services).filter((name) => service(name).image.startsWith('carillon:'));
    expect(found.sort()).toEqual([...ours].sort());
  });

  it('runs what the scripts run', async () => {
    expect(service('api').command).toEqual(await imageCommand());
    expect(service('worker').command).toEqual(await commandOf('worker'));
    expect(service('bulk-worker').command).toEqual(await commandOf('worker'));
    expect(service('indexes').command).toEqual(await carillonCommand('upgrade'));
  });

  it.each(ours)('gives %s variables that Carillon reads, with values that it takes', async (name) => {
    const known = await containerNames();
    expect(Object.keys(service(name).environment).filter((each) => !known.has(each))).toEqual([]);
    expect(() => configOf(name)).not.toThrow();
  });

  it('has no demo page', () => {
    for (const name of ours) expect(Object.keys(service(name).environment).join()).not.toContain('DEMO');
  });

  it('has a secret for no variable', () => {
    for (const name of ['CARILLON_KEYS', 'CARILLON_BOOTSTRAP_KEY'])
      expect(service('api').environment[name]).toMatch(/^\$\{\w+:\?.+\}$/);
    expect(service('api').environment.MONGODB_URI).toContain('${MONGODB_PASSWORD:?');
  });

  it('gives pages of broadcasts a worker of their own', () => {
    expect(configOf('worker').CARILLON_WORKER_QUEUES).toEqual(['notifications', 'events']);
    expect(service('worker').deploy).toEqual({ replicas: 2 });
    expect(configOf('bulk-worker').CARILLON_WORKER_QUEUES).toEqual(['bulk']);
    expect(service('bulk-worker').deploy).toEqual({ replicas: 1 });
  });

  it.each(['worker', 'bulk-worker'])('gives %s longer to end than it takes', (name) => {
    // What did not end in time is cut off ten seconds later: worker/create-worker.ts.
    const seconds = Number(/^(\d+)s$/.exec(service(name).stop_grace_period ?? '')?.[1]);
    expect(seconds).toBeGreaterThanOrEqual(configOf(name).CARILLON_DRAIN_SECONDS + 20);
  });

  it.each(['api', 'worker', 'bulk-worker'])('starts %s after the indexes, with no rights', (name) => {
    expect(service(name).depends_on?.indexes).toEqual({ condition: 'service_completed_successfully' });
    expect(service(name).read_only).toBe(true);
    expect(service(name).cap_drop).toEqual(['ALL']);
  });
});
