import { setTimeout as pause } from 'node:timers/promises';
import { createTenant, requestFor, startNotification } from '../notifications.js';
import type { Row, RowContext } from '../row.js';
import { hangingDomain } from '../smtp-sink.js';
import { digits, percentile } from '../statistics.js';

const HUNG = 200;
/** Less than the 30 s after which the product gives a send up: all of them are under way all the time. */
const MEASURE_MS = 20_000;

type Kind = 'email' | 'inApp';

/** What other tenants notice of one whose mail server hangs. */
export const hang: Row = {
  name: 'hang',
  async run(context) {
    const { stack, options, say } = context;
    const { accepting, api } = stack;
    const hungTenant = 'hang-hung';
    const hung = await createTenant(api.models, hungTenant, { people: HUNG, domain: hangingDomain });
    const people = await createTenant(api.models, 'hang-stranger', { people: 20, domain: 'example.com' });

    const measureMs = options.quick ? 6_000 : MEASURE_MS;
    await strangers(context, people, 2_000);
    const idle = await strangers(context, people, measureMs);
    say(`idle: in-app + email ${shown(idle.email)}, in-app ${shown(idle.inApp)}`);

    const workflowIds = await Promise.all(
      hung.map((person) =>
        startNotification(accepting, hungTenant, requestFor(person, { channels: ['email'] })),
      ),
    );
    const sending = () =>
      api.mongo.collection('deliveries').countDocuments({ tenantId: hungTenant, status: 'sending' });
    const deadlineMs = Date.now() + 8_000;
    while ((await sending()) < HUNG && Date.now() < deadlineMs) await pause(100);
    const underWay = { begin: await sending(), end: 0 };
    const busy = await strangers(context, people, measureMs);
    underWay.end = await sending();
    const { hanging } = await stack.sinkCounts();
    // Else their retries would go on under the rows that follow.
    await Promise.all(workflowIds.map((id) => stack.client.workflow.getHandle(id).terminate()));
    say(`hung: in-app + email ${shown(busy.email)}, in-app ${shown(busy.inApp)}`);

    const line = (what: string, kind: Kind) => ({
      what,
      carillon: `${shown(busy[kind])} (${busy[kind].length})`,
      reference: `idle ${shown(idle[kind])} (${idle[kind].length})`,
      ratio: percentile(busy[kind], 95) / percentile(idle[kind], 95),
      target: { atMost: 2 },
    });
    return {
      lines: [
        line(`stranger's in-app + email, p95, while ${underWay.begin} sends of one tenant hang`, 'email'),
        line('stranger’s in-app only, p95, meanwhile', 'inApp'),
      ],
      notes: [
        `${underWay.begin} hung sends were under way at the beginning, ${underWay.end} at the end; ` +
          `the mail server held ${hanging} of them, both tenants on the same server and credentials`,
      ],
      raw: { idle, busy, underWay, hanging },
    };
  },
};

function shown(times: number[]): string {
  return `p50 ${digits(percentile(times, 50))} ms, p95 ${digits(percentile(times, 95))} ms`;
}

/**
 * Another tenant's notifications, one after the other in two lines, in-app + email and in-app only. One that has not
 * ended when the time is up counts with what it took until then.
 */
async function strangers(
  { stack }: RowContext,
  people: string[],
  measureMs: number,
): Promise<Record<Kind, number[]>> {
  const endMs = performance.now() + measureMs;
  const times: Record<Kind, number[]> = { email: [], inApp: [] };
  const measure = async (kind: Kind) => {
    for (let turn = 0; performance.now() < endMs; turn += 1) {
      const request = requestFor(
        people[turn % people.length] ?? '',
        kind === 'inApp' ? { channels: ['in_app'] } : {},
      );
      const beganMs = performance.now();
      const workflowId = await startNotification(stack.accepting, 'hang-stranger', request);
      const timeUp = new AbortController();
      await Promise.race([
        stack.client.workflow.getHandle(workflowId).result(),
        pause(endMs - performance.now(), undefined, { signal: timeUp.signal }).catch(() => undefined),
      ]);
      timeUp.abort();
      times[kind].push(performance.now() - beganMs);
    }
  };
  await Promise.all([measure('email'), measure('inApp')]);
  return times;
}
