import type { DayName, PreferencesPatch } from '../client/shapes.js';

const DAYS: readonly DayName[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Quiet hours that have begun wherever the person is, and end within two days. */
export function quietHoursNow(now = new Date()): PreferencesPatch {
  const days = [-1, 0, 1].map((ahead) => DAYS[(now.getUTCDay() + ahead + 7) % 7] as DayName);
  return { quietHours: { windows: [{ days, start: '00:00', end: '00:00' }] } };
}

export const noQuietHours: PreferencesPatch = { quietHours: null };
