import { temporalScheduleId } from '../../contracts/ids.js';
import { eventually, type Engine } from './engine.js';
import type { Person } from './runs.js';

/** The run that a schedule of this body starts when it is told to send now. */
async function scheduledRun(engine: Engine, body: object, before?: (id: string) => Promise<unknown>) {
  const made = await engine.api('POST', '/v1/schedules', { cron: '0 0 1 1 *', ...body });
  if (made.status !== 201) throw new Error(`answered ${made.status}: ${JSON.stringify(made.body)}`);
  const { id } = made.body as { id: string };
  await before?.(id);
  const schedule = engine.client.schedule.getHandle(temporalScheduleId({ tenantId: 'acme', scheduleId: id }));
  await schedule.trigger();
  const [run] = await eventually(
    'its run',
    async () => (await schedule.describe()).info.recentActions,
    (actions) => actions.length > 0,
  );
  return { handle: engine.client.workflow.getHandle(run?.action.workflow.workflowId ?? '') };
}

const content = { in_app: { title: 'News', message: 'News' } };

/** One history of each way through a time of a schedule. */
export const scheduleStories = {
  'scheduled-notification': (engine: Engine, person: Person) =>
    scheduledRun(engine, { trigger: { type: 'system', content, to: { recipient: person.id } } }),

  'scheduled-broadcast': (engine: Engine, person: Person) =>
    scheduledRun(engine, {
      broadcast: { name: 'News', type: 'system', content, to: { recipients: [person.id] } },
    }),

  'scheduled-gone': (engine: Engine, person: Person) =>
    scheduledRun(engine, { trigger: { type: 'system', content, to: { recipient: person.id } } }, (id) =>
      engine.mongo.collection('schedules').deleteMany({ id }),
    ),
};
