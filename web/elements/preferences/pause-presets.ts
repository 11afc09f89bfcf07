const HOUR_MS = 3_600_000;
/** A day of work begins. */
const MORNING = 8;

/** Until when one may want to be left alone, as a clock on the wall has it here. */
export function pausePresets(now: Date): Record<'hour' | 'tomorrow' | 'monday' | 'week', Date> {
  const morning = (daysAhead: number) => {
    const day = new Date(now);
    day.setDate(day.getDate() + daysAhead);
    day.setHours(MORNING, 0, 0, 0);
    return day;
  };
  const week = new Date(now);
  week.setDate(week.getDate() + 7);
  return {
    hour: new Date(now.getTime() + HOUR_MS),
    tomorrow: morning(1),
    // From Monday on it is the next one.
    monday: morning((8 - now.getDay()) % 7 || 7),
    week,
  };
}
