import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { healthRoutes } from '../../api/routes/health.js';
import { bulkQueueOf, notificationTaskQueue } from '../../contracts/ids.js';
import { loadConfig } from '../../runtime/config.js';
import {
  carillonCommand,
  commandOf,
  containerNames,
  documentsOf,
  imageCommand,
  textOf,
} from './deploy-files.js';
import { complaintsAbout } from './deploy-schemas.js';

interface Container {
  name: string;
  image: string;
  command: string[];
  env?: { name: string; value: string }[];
  envFrom: ({ configMapRef: { name: string } } | { secretRef: { name: string } })[];
  ports?: { name: string; containerPort: number }[];
  readinessProbe?: Probe;
  livenessProbe?: Probe;
  lifecycle?: { preStop: { exec: { command: string[] } } };
  resources: Record<'requests' | 'limits', { cpu: string; memory: string }>;
  securityContext: object;
  volumeMounts: { name: string; mountPath: string }[];
}
interface Probe {
  httpGet: { path: string; port: string };
}
interface PodSpec {
  automountServiceAccountToken: boolean;
  enableServiceLinks: boolean;
  terminationGracePeriodSeconds: number;
  securityContext: object;
  topologySpreadConstraints?: { topologyKey: string; labelSelector: { matchLabels: Labels } }[];
  containers: [Container];
  volumes: { name: string; emptyDir: object }[];
}
type Labels = Record<string, string>;
interface Manifest {
  file: string;
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Labels };
  data?: Record<string, string>;
  stringData?: Record<string, string>;
  spec: {
    replicas?: number;
    selector: Labels & { matchLabels: Labels };
    template: { metadata: { labels: Labels }; spec: PodSpec };
    ports: { targetPort: string }[];
    scaleTargetRef: { name: string };
    minReplicas: number;
    minReplicaCount: number;
    triggers: { type: string; metadata: Record<string, string> }[];
  };
}
interface Kustomization {
  namespace?: string;
  resources: string[];
  images: { name: string; newTag: string }[];
}

const folder = 'docs/deploy';
const files = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.yaml')).sort();
const manifests: Manifest[] = [];
for (const file of files.filter((path) => !path.endsWith('kustomization.yaml'))) {
  for (const manifest of await documentsOf<Omit<Manifest, 'file'>>(`${folder}/${file}`))
    manifests.push({ ...manifest, file });
}
const kustomization = async (path: string) => {
  const [found] = await documentsOf<Kustomization>(`${folder}/${path}kustomization.yaml`);
  if (!found) throw new Error(`${path}kustomization.yaml is empty`);
  return found;
};
const ofKind = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
const one = (kind: string, name: string) => {
  const found = ofKind(kind).find((manifest) => manifest.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
};

const running = [...ofKind('Deployment'), ...ofKind('Job')].map((manifest) => {
  const pod = manifest.spec.template.spec;
  return { name: manifest.metadata.name, manifest, pod, container: pod.containers[0] };
});
const given = one('ConfigMap', 'carillon').data ?? {};
const secrets = one('Secret', 'carillon').stringData ?? {};

/** The configuration that a pod comes to, with secrets of the right shape. */
function configOf(container: Container) {
  return loadConfig({
    NODE_ENV: 'production',
    ...given,
    MONGODB_URI: 'mongodb://mongodb.example.com/carillon?replicaSet=carillon',
    ...Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value])),
  });
}

describe('the Kubernetes manifests', () => {
  it.each(manifests.map((manifest) => [manifest.file, manifest.kind, manifest] as const))(
    '%s: %s is of its schema',
    (_file, _kind, { file: _path, ...manifest }) => {
      expect(complaintsAbout(manifest)).toEqual([]);
    },
  );

  it('would be told of a missing, a wrong and an unknown field', async () => {
    const [whole] = await documentsOf<Manifest>(`${folder}/api.yaml`);
    if (!whole) throw new Error('api.yaml is empty');
    const changed = (change: (manifest: Manifest) => void) => {
      const copy = structuredClone(whole);
      change(copy);
      return complaintsAbout(copy).join();
    };
    expect(changed((copy) => delete (copy.spec as Partial<Manifest['spec']>).selector)).toContain('selector');
    expect(changed((copy) => Object.assign(copy.spec, { replicas: 'two' }))).toContain('replicas');
    expect(
      changed((copy) => Object.assign(copy.spec.template.spec.containers[0], { readynessProbe: {} })),
    ).toContain('containers.0.readynessProbe is not a field');
  });

  it('are all taken in by a kustomization, but for the Secret', async () => {
    const [app, settings, indexes] = [
      await kustomization(''),
      await kustomization('settings/'),
      await kustomization('indexes/'),
    ];
    expect(app.resources).toContain('settings');
    expect(indexes.resources).toContain('../settings');
    const taken = [
      ...app.resources,
      ...settings.resources.map((file) => `settings/${file}`),
      ...indexes.resources.map((file) => `indexes/${file}`),
    ].filter((path) => path.endsWith('.yaml'));
    expect([...taken, 'secret.example.yaml'].sort()).toEqual(
      files.filter((path) => !path.endsWith('kustomization.yaml')),
    );
  });

  it('hold no secret', () => {
    expect(ofKind('Secret')).toHaveLength(1);
    expect(new Set(Object.values(secrets))).toEqual(new Set(['']));
    expect(one('Secret', 'carillon').data).toBeUndefined();
    for (const name of Object.keys(given)) expect(Object.keys(secrets)).not.toContain(name);
  });

  it('name only variables that Carillon reads, with values that it takes', async () => {
    const known = await containerNames();
    const named = [
      ...Object.keys(given),
      ...Object.keys(secrets),
      ...running.flatMap(({ container }) => (container.env ?? []).map(({ name }) => name)),
    ];
    expect(named.filter((name) => !known.has(name))).toEqual([]);
    for (const { container } of running) expect(() => configOf(container)).not.toThrow();
  });

  it('give every role to somebody, and none to two', () => {
    const queuesOf = (name: string) => configOf(running.find((each) => each.name === name)!.container);
    expect(queuesOf('carillon-worker').CARILLON_WORKER_QUEUES).toEqual(['notifications', 'events']);
    expect(queuesOf('carillon-bulk-worker').CARILLON_WORKER_QUEUES).toEqual(['bulk']);
  });

  it('run the image of this version, as its scripts do', async () => {
    const { version } = JSON.parse(await textOf('package.json')) as { version: string };
    const { images } = await kustomization('');
    expect(images).toMatchObject([{ name: 'carillon', newTag: version }]);
    expect((await kustomization('indexes/')).images).toEqual(images);
    const worker = await commandOf('worker');
    expect(Object.fromEntries(running.map(({ name, container }) => [name, container.command]))).toEqual({
      'carillon-api': await imageCommand(),
      'carillon-worker': worker,
      'carillon-bulk-worker': worker,
      'carillon-indexes': await carillonCommand('upgrade'),
    });
    expect(await imageCommand()).toEqual(await commandOf('api'));
    expect(new Set(running.map(({ container }) => container.image))).toEqual(new Set(['carillon']));
  });

  describe.each(running)('$name', ({ pod, container }) => {
    it('has longer to end than it takes', () => {
      const [, seconds = '0'] = container.lifecycle?.preStop.exec.command ?? [];
      const { CARILLON_DRAIN_SECONDS: drain } = configOf(container);
      // What did not end in time is cut off ten seconds later: worker/create-worker.ts.
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(drain + 20);
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(Number(seconds) + drain);
    });

    it('may do little', () => {
      expect(pod.securityContext).toEqual({
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(container.volumeMounts).toEqual([{ name: 'tmp', mountPath: '/tmp' }]);
      expect(pod.volumes.map(({ name }) => name)).toEqual(['tmp']);
    });

    it('is not given variables by the cluster', () => {
      // A Service carillon-api would set CARILLON_API_PORT=tcp://…
      expect(pod.enableServiceLinks).toBe(false);
    });

    it('reads the ConfigMap and the Secret, asks for and is limited in what it uses', () => {
      expect(container.envFrom).toEqual([
        { configMapRef: { name: one('ConfigMap', 'carillon').metadata.name } },
        { secretRef: { name: one('Secret', 'carillon').metadata.name } },
      ]);
      for (const which of ['requests', 'limits'] as const)
        expect(Object.keys(container.resources[which])).toEqual(['cpu', 'memory']);
    });
  });

  it.each(running.filter(({ manifest }) => manifest.kind === 'Deployment'))(
    '$name is found by whoever speaks of it',
    ({ manifest, pod }) => {
      const { labels } = manifest.spec.template.metadata;
      const { name } = manifest.metadata;
      expect(manifest.spec.selector.matchLabels).toEqual(labels);
      expect(pod.topologySpreadConstraints?.map((each) => each.labelSelector.matchLabels)).toEqual([
        labels,
        labels,
      ]);
      expect(one('PodDisruptionBudget', name).spec.selector.matchLabels).toEqual(labels);
      const [scaler, ...others] = [...ofKind('HorizontalPodAutoscaler'), ...ofKind('ScaledObject')].filter(
        ({ spec }) => spec.scaleTargetRef.name === name,
      );
      expect(others).toEqual([]);
      expect(scaler?.spec.minReplicas ?? scaler?.spec.minReplicaCount).toBeGreaterThanOrEqual(1);
      // Else every apply would set back what the autoscaler decided.
      expect(manifest.spec.replicas).toBeUndefined();
    },
  );

  it('asks the API what it answers, and the workers nothing', () => {
    const paths = healthRoutes.map(({ path }) => path);
    for (const { name, container } of running) {
      const probes = [container.readinessProbe, container.livenessProbe].flatMap((probe) => probe ?? []);
      expect(probes.map((probe) => probe.httpGet)).toEqual(
        name === 'carillon-api'
          ? [
              { path: '/health/ready', port: 'http' },
              { path: '/health/live', port: 'http' },
            ]
          : [],
      );
      for (const probe of probes) expect(paths).toContain(probe.httpGet.path);
    }
  });

  it('lead the Service to the port that the API listens on', () => {
    const { manifest, container } = running.find(({ name }) => name === 'carillon-api')!;
    const service = one('Service', 'carillon-api');
    expect(service.spec.selector).toEqual(manifest.spec.template.metadata.labels);
    expect(service.spec.ports).toMatchObject([{ targetPort: 'http' }]);
    expect(container.ports).toEqual([{ name: 'http', containerPort: configOf(container).CARILLON_API_PORT }]);
  });

  it.each([
    ['carillon-worker', notificationTaskQueue, 'workflow,activity', 'CARILLON_WORKER_WORKFLOW_TASKS'],
    ['carillon-bulk-worker', bulkQueueOf(notificationTaskQueue), 'activity', 'CARILLON_BULK_PAGES'],
  ] as const)('scale %s by the backlog of %s', (name, taskQueue, queueTypes, slots) => {
    const { container } = running.find((each) => each.name === name)!;
    const config = configOf(container);
    const trigger = one('ScaledObject', name).spec.triggers.find(({ type }) => type === 'temporal');
    expect(trigger?.metadata).toEqual({
      endpointFromEnv: 'TEMPORAL_ADDRESS',
      namespace: config.TEMPORAL_NAMESPACE,
      taskQueue,
      queueTypes,
      targetQueueSize: String(config[slots]),
    });
  });
});
