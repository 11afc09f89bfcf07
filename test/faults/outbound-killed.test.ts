import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AppProcess } from '../support/app-process.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { startEventReceiver, notificationOf, type EventReceiver } from '../support/event-receiver.js';
import { eventually } from '../support/engine.js';

/** Two processes have the role; one of them reads. */
let cluster: Cluster;
let receiver: EventReceiver;
let workers: AppProcess[];
const NOTIFICATIONS = 60;

beforeAll(async () => {
  [cluster, receiver] = await Promise.all([
    startCluster({ CARILLON_ALLOW_PRIVATE_ADDRESSES: 'true' }),
    startEventReceiver(),
  ]);
  await cluster.startApi();
  await cluster.api('POST', '/v1/tenants', { id: 'acme', name: 'Acme' }, { tenant: null });
  const made = await cluster.api('POST', '/v1/webhooks', {
    url: receiver.endpoint,
    events: ['notification.planned', 'notification.sent', 'delivery.sent'],
  });
  receiver.secrets = [made.body.secret];
  workers = [await cluster.startWorker(), await cluster.startWorker()];
});
afterAll(async () => {
  await cluster.stop();
  await receiver.close();
});

const READS = 'outbound events are read here';
const readers = () => workers.filter(({ lines }) => lines.some(({ msg }) => msg === READS));

it('loses no event when the process that reads is killed in the middle, nor when its successor is', async () => {
  const ids: string[] = [];
  const trigger = async (count: number) => {
    for (let made = 0; made < count; made += 1) {
      const { body } = await cluster.api('POST', '/v1/notifications', {
        type: 'approval_request',
        to: { recipient: { id: `u-${ids.length}`, email: `u-${ids.length}@example.com` } },
        data: { contract: { title: 'NDA' }, requester: 'Ann' },
      });
      ids.push(body.id as string);
    }
  };
  await eventually(
    'somebody reads',
    () => Promise.resolve(readers()),
    ({ length }) => length === 1,
  );
  // First attempts are under way, and some are made and not recorded, at any moment.
  await trigger(NOTIFICATIONS / 3);
  await eventually(
    'first events',
    () => Promise.resolve(receiver.events),
    ({ length }) => length > 0,
  );
  const [first] = readers();
  await first?.kill();
  workers = workers.filter((worker) => worker !== first);
  await trigger(NOTIFICATIONS / 3);
  const killedAtMs = Date.now();
  await eventually(
    'the other one to take over',
    () => Promise.resolve(readers()),
    ({ length }) => length === 1,
    30_000,
  );
  expect(Date.now() - killedAtMs).toBeLessThan(20_000);
  await workers[0]?.kill();
  workers = [await cluster.startWorker()];
  await trigger(NOTIFICATIONS / 3);

  const told = () => {
    const seen = new Set(
      receiver.events.map((event) => [event.type, notificationOf(event), event.data.channel].join(' ')),
    );
    return Promise.resolve(
      ids.flatMap((id) =>
        [
          `notification.planned ${id} `,
          `notification.sent ${id} `,
          `delivery.sent ${id} email`,
          `delivery.sent ${id} in_app`,
        ].filter((event) => !seen.has(event)),
      ),
    );
  };
  await eventually('every event', told, ({ length }) => length === 0, 90_000);
  // A repetition has the ID of what it repeats.
  const byId = new Map(receiver.events.map((event) => [event.id, JSON.stringify(event)]));
  for (const event of receiver.events) expect(byId.get(event.id)).toBe(JSON.stringify(event));
  expect(byId.size).toBe(NOTIFICATIONS * 4);
}, 240_000);
