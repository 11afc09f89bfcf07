import type { WorkflowHandle } from '@temporalio/client';
import { digestWorkflowId } from '../../contracts/ids.js';
import type { Engine } from './engine.js';
import { makeQuiet, notify, type Person } from './runs.js';

const KEY = 'story';

/** One notification is collected. Answers the digest's run. */
async function collecting(engine: Engine, person: Person, period: string): Promise<WorkflowHandle> {
  const run = await notify(engine, person, { digestKey: KEY, digest: { period } });
  await run.handle.result();
  return engine.client.workflow.getHandle(
    digestWorkflowId({ tenantId: 'acme', recipientId: person.id, digestKey: KEY }),
  );
}

/** One history of each way through a digest. */
export const digestStories = {
  'digest-sent': async (engine: Engine, person: Person) => ({
    handle: await collecting(engine, person, 'PT2S'),
  }),

  'digest-expedited': async (engine: Engine, person: Person) => {
    const handle = await collecting(engine, person, 'PT1H');
    await handle.signal('expedite');
    return { handle };
  },

  'digest-cancelled': async (engine: Engine, person: Person) => {
    const handle = await collecting(engine, person, 'PT1H');
    await handle.signal('cancel', { by: 'story' });
    return { handle };
  },

  'digest-looked-at-then-sent': async (engine: Engine, person: Person) => {
    const handle = await collecting(engine, person, 'PT2S');
    await handle.signal('recheck');
    return { handle };
  },

  'digest-item-removed': async (engine: Engine, person: Person) => {
    const handle = await collecting(engine, person, 'PT2S');
    await handle.signal('removeItem', { id: 'ntf_none', by: 'story' });
    return { handle };
  },

  'digest-handed-over': async (engine: Engine, person: Person) => {
    await makeQuiet(engine, person, Date.now(), 1);
    return { handle: await collecting(engine, person, 'PT2S') };
  },

  'digest-tried-again-elsewhere': async (engine: Engine, person: Person) => {
    engine.smtp.behave({ at: 'message', do: { reply: '451 4.3.0 mailbox busy' }, times: 1 });
    return { handle: await collecting(engine, person, 'PT2S') };
  },
};
