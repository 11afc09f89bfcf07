import type { Condition, FieldTest } from '../../contracts/event-rules.js';
import { valueAt, type EventScope } from './scope.js';

/**
 * Why the event is not like that; undefined where it is. It names fields and what the rule wants of them, never what
 * stands in the event.
 */
export function mismatch(condition: Condition, scope: EventScope): string | undefined {
  if ('all' in condition) {
    for (const one of condition.all) {
      const reason = mismatch(one, scope);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }
  if ('any' in condition) {
    const reasons = condition.any.map((one) => mismatch(one, scope));
    return reasons.every((reason) => reason !== undefined) ? reasons.join(', and ') : undefined;
  }
  if ('not' in condition) {
    return mismatch(condition.not, scope) === undefined
      ? `is what "not" excludes: ${told(condition.not)}`
      : undefined;
  }
  return fieldMismatch(condition, scope);
}

function fieldMismatch(test: FieldTest, scope: EventScope): string | undefined {
  const value = valueAt(scope, test.field);
  const { field } = test;
  if (test.exists !== undefined && (value !== undefined && value !== null) !== test.exists)
    return test.exists ? `${field} is missing` : `${field} is there`;
  // What is null equals null only where it is there.
  if (test.equals !== undefined && value !== test.equals)
    return `${field} is not ${JSON.stringify(test.equals)}`;
  if (test.in !== undefined && !test.in.some((one) => one === value))
    return `${field} is none of ${test.in
      .slice(0, 10)
      .map((one) => JSON.stringify(one))
      .join(', ')}`;
  if (test.prefix !== undefined && !(typeof value === 'string' && value.startsWith(test.prefix)))
    return `${field} does not begin with ${JSON.stringify(test.prefix)}`;
  return numberMismatch(test, value);
}

/** A text that is a number counts as one: many producers write amounts so. */
function numberMismatch({ field, gt, gte, lt, lte }: FieldTest, value: unknown): string | undefined {
  if (gt === undefined && gte === undefined && lt === undefined && lte === undefined) return undefined;
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && value.trim() !== ''
        ? Number(value)
        : NaN;
  if (Number.isNaN(number)) return `${field} is no number`;
  if (gt !== undefined && !(number > gt)) return `${field} is not greater than ${gt}`;
  if (gte !== undefined && !(number >= gte)) return `${field} is less than ${gte}`;
  if (lt !== undefined && !(number < lt)) return `${field} is not less than ${lt}`;
  if (lte !== undefined && !(number <= lte)) return `${field} is greater than ${lte}`;
  return undefined;
}

function told(condition: Condition): string {
  const text = JSON.stringify(condition);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
