import type { WorkflowHandle } from '@temporalio/client';
import { providerWorkflowId } from '../../contracts/ids.js';
import { DOWN_AFTER } from '../../models/provider-health.js';
import { eventually, type Engine } from './engine.js';
import { addPerson, notify, type Person, type Run } from './runs.js';

const place = { tenantId: 'acme', channel: 'email', provider: 'smtp' } as const;

interface Outage {
  parked: Run;
  watch: WorkflowHandle;
}

/** The mail server goes away, a notification is parked, and the server comes back after a probe in vain. */
async function outage(engine: Engine, person: Person): Promise<Outage> {
  engine.smtp.behave({ at: 'connect', do: 'drop' }, { at: 'sender', do: 'drop' });
  for (let failed = 0; failed < DOWN_AFTER.deliveries; failed += 1) {
    const run = await notify(engine, await addPerson(engine));
    await run.untilAttempts(1);
  }
  const parked = await notify(engine, person);
  await parked.untilEvent('TIMER_STARTED');
  const watch = engine.client.workflow.getHandle(providerWorkflowId(place));
  await watch.signal('expedite');
  await eventually(
    'a probe',
    async () => (await watch.fetchHistory()).events ?? [],
    (events) => events.some((event) => event.activityTaskCompletedEventAttributes),
  );
  engine.smtp.behave();
  await watch.signal('expedite');
  await watch.result();
  return { parked, watch };
}

/** One history of each way through a provider's outage. */
export const providerStories = {
  'notification-parked-then-released': async (engine: Engine, person: Person) =>
    (await outage(engine, person)).parked,

  'provider-probed-and-drained': async (engine: Engine, person: Person) => ({
    handle: (await outage(engine, person)).watch,
  }),
};
