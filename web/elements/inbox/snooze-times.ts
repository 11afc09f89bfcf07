import type { MoreText } from './messages-more-en.js';

/** The times that snoozing offers, by the wall clock of the person's device; this evening only until five o'clock. */
export function snoozeTimes(now: Date): { key: MoreText; until: Date }[] {
  const at = (days: number, hour: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
  const daysToMonday = (8 - now.getDay()) % 7 || 7;
  return [
    { key: 'menu.hour', until: new Date(now.getTime() + 3_600_000) },
    ...(now.getHours() < 17 ? [{ key: 'menu.evening' as const, until: at(0, 18) }] : []),
    { key: 'menu.tomorrow', until: at(1, 9) },
    // On Sundays that is tomorrow.
    ...(daysToMonday > 1 ? [{ key: 'menu.week' as const, until: at(daysToMonday, 9) }] : []),
  ];
}
