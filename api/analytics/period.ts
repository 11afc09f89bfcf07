import { DateTime } from 'luxon';
import { MAX_ANALYTICS_DAYS, type AnalyticsQuery } from '../../contracts/analytics.js';
import { invalid } from '../../contracts/errors.js';
import { SLOT_MS, slotOf } from '../../models/rollup-slots.js';

const DAYS = 30;
const DAY_MS = 86_400_000;

/** Quarters of an hour, from the first one's beginning to the last one's end. */
export interface Period {
  fromMs: number;
  toMs: number;
}

/**
 * The period that is asked for, widened to whole quarters of an hour: from `from`, else from the beginning of the day,
 * in `zone`, that makes it `days` days with the last one.
 * @throws CarillonError `validation_failed` for one that is empty or too long.
 */
export function periodOf({ days, from, to }: AnalyticsQuery, zone: string, nowMs: number): Period {
  const endMs = Math.min(to?.getTime() ?? nowMs, nowMs);
  const begin =
    from?.getTime() ??
    DateTime.fromMillis(endMs - (to ? 1 : 0), { zone })
      .startOf('day')
      .minus({ days: (days ?? DAYS) - 1 })
      .toMillis();
  const fromMs = slotOf(begin);
  const toMs = slotOf(endMs + SLOT_MS - 1);
  if (fromMs >= toMs)
    throw invalid(from ? 'from' : 'to', 'leaves no time: the period is empty, or lies ahead');
  if (toMs - fromMs > (MAX_ANALYTICS_DAYS + 1) * DAY_MS) {
    throw invalid('from', `is more than ${MAX_ANALYTICS_DAYS} days before the end`);
  }
  return { fromMs, toMs };
}
