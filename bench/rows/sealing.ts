import type { Payload } from '@temporalio/common';
import { EncryptionCodec } from '../../runtime/payload-codec.js';
import { loadConfig } from '../../runtime/config.js';
import { closedLoop } from '../closed-loop.js';
import { createTenant, requestFor, startNotification } from '../notifications.js';
import type { Row } from '../row.js';
import { digits } from '../statistics.js';

const TIMES = 2_000;

/** What sealing payloads, addresses and credentials costs, of the CPU that one notification takes. */
export const sealing: Row = {
  name: 'sealing',
  async run({ stack, options, say }) {
    const { client, accepting, api, children } = stack;
    const tenantId = 'sealing';
    const people = await createTenant(api.models, tenantId, { people: 100, domain: 'example.com' });
    let turn = 0;
    const start = () =>
      startNotification(accepting, tenantId, requestFor(people[(turn += 1) % people.length] ?? ''));
    const whole = await closedLoop(client, children.processes, {
      workflowType: 'notification',
      start,
      inFlight: options.inFlight,
      leadSeconds: 2,
      seconds: options.quick ? 3 : 10,
    });
    const notificationMs = Object.values(whole.cpuMs).reduce((sum, ms) => sum + ms, 0);

    const handle = client.workflow.getHandle(await start());
    await handle.result();
    const { events } = await handle.fetchHistory();
    const sealed = payloadsIn(events);
    const ring = loadConfig(stack.env).CARILLON_KEYS;
    if (!ring) throw new Error('the stack has no keys');
    const codec = new EncryptionCodec(ring);
    const plain = await codec.decode(sealed);
    const vault = await api.models.dataKeys.vault(tenantId);
    const trigger = JSON.stringify(requestFor('person-1'));
    const address = vault.seal('person-1@example.com');
    const stored = vault.seal(trigger);
    const credentials = vault.seal(JSON.stringify({ host: 'mail.example.com', user: 'bench', port: 587 }));

    say(`${sealed.length} payloads of one history, ${TIMES} times`);
    const codecMs = await cpuEach(async () => {
      await codec.encode(plain);
      await codec.decode(sealed);
    });
    const vaultMs = await cpuEach(() => {
      vault.open(address);
      vault.hash('person-1@example.com');
      vault.seal(trigger);
      vault.open(stored);
      // Opened once for each change of a tenant's credentials; here as if for each notification.
      vault.open(credentials);
      return Promise.resolve();
    });
    const sum = codecMs + vaultMs;
    return {
      lines: [
        {
          what: 'sealing and opening one notification’s payloads, address, trigger and credentials',
          carillon: `${digits(sum)} ms (payloads ${digits(codecMs)} ms)`,
          reference: `${digits(notificationMs)} ms of CPU for the whole notification`,
          ratio: sum / notificationMs,
          target: { atMost: 0.03 },
        },
      ],
      raw: { codecMs, vaultMs, notificationMs, payloads: sealed.length, whole },
    };
  },
};

/** CPU milliseconds of one call, after as many to warm up. */
async function cpuEach(call: () => Promise<void>): Promise<number> {
  for (let time = 0; time < TIMES; time += 1) await call();
  const before = process.cpuUsage();
  for (let time = 0; time < TIMES; time += 1) await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / TIMES;
}

/** Every sealed payload that stands anywhere in a value. */
function payloadsIn(value: unknown): Payload[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  const { metadata, data } = value as Payload;
  if (metadata?.['encryption-key-id'] && data) return [value];
  return Object.values(value).flatMap(payloadsIn);
}
