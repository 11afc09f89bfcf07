import { CarillonError, type ErrorItem } from '../contracts/errors.js';
import type { QuietHours } from '../contracts/quiet-hours.js';
import { coversWholeWeek, overlappingWindow } from '../policy/quiet-hours.js';

/**
 * Refuses quiet hours whose windows overlap, which is a slip, and those in which nothing could ever be sent.
 * @throws CarillonError `validation_failed`, `unprocessable`
 */
export function checkQuietHours(quietHours: QuietHours | null | undefined): void {
  if (!quietHours) return;
  const { windows } = quietHours;
  if (coversWholeWeek(windows)) {
    const message = 'cover the whole week, so nothing could ever be sent';
    throw refused('unprocessable', { path: 'quietHours.windows', message });
  }
  const overlapping = overlappingWindow(windows);
  if (!overlapping) return;
  const message = `overlaps with window ${overlapping.earlier} on ${overlapping.day}: make one of the two`;
  throw refused('validation_failed', { path: `quietHours.windows.${overlapping.at}`, message });
}

function refused(code: 'unprocessable' | 'validation_failed', item: ErrorItem): CarillonError {
  return new CarillonError(code, `${item.path} ${item.message}`, [item]);
}
