import { CarillonError, invalid } from '../../contracts/errors.js';
import { DIGEST_TYPE } from '../../contracts/digests.js';
import type { NotificationType } from '../../contracts/notification-types.js';
import { BEST_TIME, type Trigger } from '../../contracts/trigger.js';
import { checkContent } from '../../templates/check-content.js';
import { dataErrors } from '../../templates/check-data.js';

/** Clocks differ: a `sendAt` this little in the past means now. */
const SKEW_MS = 60_000;
const YEAR_MS = 366 * 86_400_000;

/**
 * What a trigger must satisfy beyond its shape.
 * @throws CarillonError `unprocessable` for type, template or variable; `validation_failed` for times.
 */
export function checkTrigger(
  trigger: Pick<Trigger, 'type' | 'content' | 'sendAt' | 'expiresAt' | 'digestKey' | 'digest'>,
  type: NotificationType | undefined,
  nowMs: number,
): asserts type is NotificationType {
  if (!type) {
    const message = `there is no type "${trigger.type}"`;
    throw new CarillonError('unprocessable', message, [{ path: 'type', message }]);
  }
  if (type.name === DIGEST_TYPE) {
    const message = 'digests are made by the engine: choose a type of your own, and a cadence or a digestKey';
    throw new CarillonError('unprocessable', message, [{ path: 'type', message }]);
  }
  if (trigger.digest && !trigger.digestKey) throw invalid('digest', 'goes with a digestKey');
  if (type.contentRequired && !trigger.content) {
    const message = `the type "${trigger.type}" needs the text in "content"`;
    throw new CarillonError('unprocessable', message, [{ path: 'content', message }]);
  }
  if (trigger.content) checkContent(trigger.content);
  checkTimes(trigger, nowMs);
}

/**
 * Checks a trigger's variables against what the type declares of them.
 * @param within where they stand in the request: `data` by default.
 * @throws CarillonError `unprocessable` with the path of each that does not fit; values are not repeated.
 */
export function checkData(
  type: Pick<NotificationType, 'name' | 'variables'>,
  data: Record<string, unknown>,
  within?: string,
): void {
  const errors = dataErrors(type.variables, data, within);
  const [first] = errors;
  if (!first) return;
  const detail = `${first.path} does not fit the type "${type.name}": ${first.message}`;
  throw new CarillonError('unprocessable', detail, errors);
}

/**
 * Checks the times that are given, and together with the `stored` ones that they do not replace their order.
 * @throws CarillonError `validation_failed`
 */
export function checkTimes(
  times: { sendAt?: string | null; expiresAt?: string | null },
  nowMs: number,
  stored: { sendAt?: Date; expiresAt?: Date } = {},
): void {
  // The best time is looked for before the expiry.
  const sendAtMs = times.sendAt && times.sendAt !== BEST_TIME ? Date.parse(times.sendAt) : undefined;
  const expiresAtMs = times.expiresAt ? Date.parse(times.expiresAt) : undefined;
  if (sendAtMs !== undefined && sendAtMs < nowMs - SKEW_MS) throw invalid('sendAt', 'is in the past');
  if (sendAtMs !== undefined && sendAtMs > nowMs + YEAR_MS)
    throw invalid('sendAt', 'is more than a year ahead');
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) throw invalid('expiresAt', 'is in the past');
  const dueMs = times.sendAt === undefined ? stored.sendAt?.getTime() : sendAtMs;
  const endMs = times.expiresAt === undefined ? stored.expiresAt?.getTime() : expiresAtMs;
  if (dueMs === undefined || endMs === undefined || endMs > dueMs) return;
  if (expiresAtMs !== undefined) throw invalid('expiresAt', 'is not after sendAt');
  if (sendAtMs !== undefined) throw invalid('sendAt', 'is not before expiresAt');
}
