import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { apiCaller, eventually, startEngine, type Engine } from '../support/engine.js';
import { addPerson, notify, type Person, type Run } from '../support/runs.js';

const PROVIDER_PER_SECOND = 20;

let shared: Engine;
beforeAll(async () => {
  shared = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: {
      CARILLON_PROVIDER_LIMITS: `email/smtp=${PROVIDER_PER_SECOND}`,
      // So few that whoever waited in one would keep the others from theirs.
      CARILLON_WORKER_WORKFLOW_TASKS: '4',
      CARILLON_WORKER_ACTIVITIES: '2',
    },
  });
  await shared.startWorker();
});
afterAll(() => shared.stop());

/** The engine as a tenant of the test's own calls it. */
interface Tenant extends Engine {
  person: Person;
}

async function newTenant(): Promise<Tenant> {
  const id = `t-${randomBytes(5).toString('hex')}`;
  const own = { ...shared, api: apiCaller(shared.url, shared.bootstrapKey, id) };
  await own.api('POST', '/v1/tenants', { id, name: 'Acme' });
  return { ...own, person: await addPerson(own) };
}

async function limit(tenant: Tenant, perSecond: number | null): Promise<void> {
  await tenant.api('PATCH', '/v1/tenant', { limits: { sendsPerSecond: { email: perSecond } } });
}

const MAIL = { channels: ['email'] };

/** A tenant with one mail in a hundred seconds, of which the first is out. */
async function withNothingLeft(): Promise<Tenant> {
  const tenant = await newTenant();
  await limit(tenant, 0.01);
  const run = await notify(tenant, await addPerson(tenant), MAIL);
  await run.untilStatus('sent');
  return tenant;
}

async function waitingRun(tenant: Tenant, changes: Record<string, unknown> = {}): Promise<Run> {
  const run = await notify(tenant, tenant.person, { ...MAIL, ...changes });
  await run.untilEvent('TIMER_STARTED');
  return run;
}

/** Seconds until its turn, as the log has it. */
async function secondsToTurn(run: Run): Promise<number> {
  const { nextAttemptAt } = await run.delivery();
  return (Date.parse(nextAttemptAt) - Date.now()) / 1000;
}

/** When each of the next mails was accepted, in milliseconds from now. Resolves when all are. */
async function arrivals(count: number): Promise<number[]> {
  const startedAt = performance.now();
  const before = shared.smtp.accepted;
  const times: number[] = [];
  for (let next = 1; next <= count; next += 1) {
    await shared.smtp.waitForMails(before + next, 40_000);
    times.push(performance.now() - startedAt);
  }
  return times;
}

/** Nothing of it is under way at a worker. */
async function expectNoSlotHeld(run: Run): Promise<void> {
  const { raw } = await eventually(
    'no workflow task',
    () => run.handle.describe(),
    ({ raw }) => !raw.pendingWorkflowTask,
  );
  expect(raw.pendingActivities ?? []).toEqual([]);
}

it('sends ten notifications no faster than two a second, and all of them', async () => {
  const tenant = await newTenant();
  await limit(tenant, 2);
  const people = await Promise.all(Array.from({ length: 10 }, () => addPerson(tenant)));
  const arriving = arrivals(10);
  const runs = await Promise.all(people.map((each) => notify(tenant, each, MAIL)));
  // Two at once, and then one each half second.
  for (const [index, atMs] of (await arriving).entries()) {
    expect(atMs).toBeGreaterThanOrEqual(Math.max(0, index - 1) * 500);
  }
  for (const run of runs) {
    await run.untilStatus('sent');
    expect(await run.delivery()).toMatchObject({ retryCount: 0, attempts: [{ outcome: 'sent' }] });
  }
  for (const each of people) expect(each.mails()).toHaveLength(1);
});

it('keeps a provider’s limit over all tenants and workers', async () => {
  const tenants = await Promise.all([newTenant(), newTenant(), newTenant()]);
  const count = 60;
  const people = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const tenant = tenants[index % tenants.length] as Tenant;
      return { tenant, person: await addPerson(tenant) };
    }),
  );
  const arriving = arrivals(count);
  await Promise.all(people.map(({ tenant, person: each }) => notify(tenant, each, MAIL)));
  for (const [index, atMs] of (await arriving).entries()) {
    expect(atMs).toBeGreaterThanOrEqual(((index + 1 - PROVIDER_PER_SECOND) * 1000) / PROVIDER_PER_SECOND);
  }
});

describe.concurrent('a notification that waits for its tenant’s send limit', () => {
  it('holds no slot of a worker while it waits, and says what it waits for', async () => {
    const tenant = await withNothingLeft();
    const runs: Run[] = [];
    for (let count = 0; count < 8; count += 1) runs.push(await waitingRun(tenant));
    for (const run of runs) await expectNoSlotHeld(run);

    const [first] = runs as [Run];
    const { status, timeline } = await first.view();
    expect(status).toBe('sending');
    expect(timeline.map(({ event }: { event: string }) => event)).toContain('waiting_for_turn');
    expect(await first.delivery()).toMatchObject({ status: 'pending', attempts: [] });
    expect(await first.handle.query('__temporal_workflow_metadata')).toMatchObject({
      currentDetails: 'email via smtp: waiting for its turn (send limit)',
    });
    // A place of its own for each, a hundred seconds apart.
    for (const [index, run] of runs.entries()) {
      const seconds = await secondsToTurn(run);
      expect(seconds).toBeLessThanOrEqual(100 * (index + 1));
      expect(seconds).toBeGreaterThan(100 * (index + 1) - 60);
    }

    const stranger = await newTenant();
    const other = await notify(stranger, stranger.person, MAIL);
    await other.untilStatus('sent');
    await Promise.all(runs.map((run) => run.tell('cancel')));
    await Promise.all(runs.map((run) => run.untilStatus('cancelled')));
  });

  it('sends nothing that is cancelled while it waits', async () => {
    const tenant = await withNothingLeft();
    const run = await waitingRun(tenant);
    expect((await run.tell('cancel')).status).toBe(202);
    expect(await run.handle.result()).toEqual({ status: 'cancelled', channels: { email: 'cancelled' } });
    expect(await run.delivery()).toMatchObject({ status: 'cancelled', nextAttemptAt: null, attempts: [] });
    expect(tenant.person.mails()).toHaveLength(0);
  });

  it('ends expired what expires while it waits, and lets it take no place in the queue', async () => {
    const tenant = await withNothingLeft();
    const expiresAt = new Date(Date.now() + 2_500).toISOString();
    const run = await waitingRun(tenant, { expiresAt });
    const next = await waitingRun(tenant);
    expect(await secondsToTurn(next)).toBeLessThanOrEqual(100);
    await run.untilStatus('expired');
    expect(await run.delivery()).toMatchObject({ status: 'expired', nextAttemptAt: null, attempts: [] });
    await next.tell('cancel');
    await next.untilStatus('cancelled');
    expect(tenant.person.mails()).toHaveLength(0);
  });

  it('is not expedited past a limit', async () => {
    const tenant = await withNothingLeft();
    const run = await waitingRun(tenant);
    expect((await run.tell('expedite')).status).toBe(202);
    await eventually(
      'the task that heard it',
      async () => (await run.events()).slice(-1),
      ([last]) => last === 'WORKFLOW_TASK_COMPLETED',
    );
    expect(await run.events()).not.toContain('ACTIVITY_TASK_SCHEDULED');
    await run.tell('cancel');
    await run.untilStatus('cancelled');
    expect(tenant.person.mails()).toHaveLength(0);
  });

  it('goes at a recheck once the limit is gone', async () => {
    const tenant = await withNothingLeft();
    const run = await waitingRun(tenant);
    await limit(tenant, null);
    await run.handle.signal('recheck');
    await run.untilStatus('sent');
    expect(await run.delivery()).toMatchObject({ nextAttemptAt: null, retryCount: 0 });
  });

  it('waits on when a recheck finds the same limit, in the same place', async () => {
    const tenant = await withNothingLeft();
    const run = await waitingRun(tenant);
    const { nextAttemptAt } = await run.delivery();
    await run.handle.signal('recheck');
    await run.untilEvent('ACTIVITY_TASK_COMPLETED');
    await expectNoSlotHeld(run);
    expect((await run.delivery()).nextAttemptAt).toBe(nextAttemptAt);
    const { timeline } = await run.view();
    const waits = timeline.filter(({ event }: { event: string }) => event === 'waiting_for_turn');
    expect(waits).toMatchObject([{ detail: 'email via smtp: send limit of the tenant' }]);
    await run.tell('cancel');
    await run.untilStatus('cancelled');
  });

  it('takes a turn for a retry too, and does not count the wait as an attempt', async () => {
    const tenant = await newTenant();
    const { person } = tenant;
    await limit(tenant, 0.5);
    shared.smtp.behaveToo({
      at: 'message',
      do: { reply: '451 4.3.0 busy' },
      to: new RegExp(`^${person.email}$`),
      times: 1,
    });
    const run = await notify(tenant, person, MAIL);
    await run.untilAttempts(1);
    await run.untilEvent('TIMER_STARTED');
    await run.tell('expedite');
    await run.untilStatus('sent');
    const { attempts, retryCount } = await run.delivery();
    expect(attempts).toMatchObject([{ outcome: 'failed' }, { outcome: 'sent' }]);
    expect(retryCount).toBe(1);
    expect(Date.parse(attempts[1].at) - Date.parse(attempts[0].at)).toBeGreaterThanOrEqual(1_900);
  });
});
