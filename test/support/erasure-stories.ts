import { ulid } from 'ulid';
import { erasureStart } from '../../runtime/erasure-start.js';
import type { Engine } from './engine.js';
import { notify, type Person } from './runs.js';

/** One of each way through the erasure of a person. */
export const erasureStories = {
  'erasure-completed': async (engine: Engine, person: Person) => {
    const run = await notify(engine, person);
    await run.handle.result();
    return begun(engine, person, true);
  },

  'erasure-gone': (engine: Engine, person: Person) => begun(engine, person, false),
};

async function begun(engine: Engine, person: Person, isKnown: boolean) {
  const whom = await engine.models.personRows.identify('acme', person.id);
  const id = isKnown ? (await engine.models.erasures.begin(whom, 'story')).id : `ers_${ulid()}`;
  const start = erasureStart({ tenantId: 'acme', erasureId: id }, person.id, engine.taskQueue);
  return { handle: await engine.client.workflow.start('erasure', start) };
}
