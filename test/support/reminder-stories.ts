import type { Engine } from './engine.js';
import { remind } from './reminders.js';
import type { Person } from './runs.js';

const DAY_MS = 86_400_000;
const soon = () => Date.now() + DAY_MS + 3_000;

/** One history of each way through a reminder. */
export const reminderStories = {
  'reminder-sent': (engine: Engine, person: Person) =>
    remind(engine, person, soon(), { offsets: ['P7D', 'P1D'] }),

  'reminder-moved': async (engine: Engine, person: Person) => {
    const reminder = await remind(engine, person, soon() + DAY_MS, { offsets: ['P1D'] });
    await reminder.move(soon(), { offsets: ['P1D'] });
    return reminder;
  },

  'reminder-completed': async (engine: Engine, person: Person) => {
    const reminder = await remind(engine, person, soon(), { offsets: ['P7D', 'PT1H'] });
    await reminder.untilSent(1);
    await reminder.complete();
    return reminder;
  },

  'reminder-cancelled-from-temporal': async (engine: Engine, person: Person) => {
    const reminder = await remind(engine, person, soon(), { offsets: ['P7D', 'PT1H'] });
    await reminder.untilSent(1);
    await reminder.handle.cancel();
    return reminder;
  },
};
