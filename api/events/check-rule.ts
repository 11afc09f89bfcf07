import { anyTrigger } from '../../contracts/broadcasts.js';
import { CarillonError, type ErrorItem } from '../../contracts/errors.js';
import type { EventRule, EventStep } from '../../contracts/event-rules.js';
import { laterTrigger } from '../../contracts/later.js';
import { parsePart } from '../../contracts/parse.js';
import { expressionErrors } from '../../events/inbound/expand.js';
import { stepsOf } from '../../events/inbound/steps.js';
import { isTemplated } from '../../templates/expression.js';
import type { ApiDependencies } from '../dependencies.js';

/**
 * What can be told of a rule before its first event: that its Liquid is right, that what has no Liquid in it fits, and that
 * the types that it names are there.
 * @throws CarillonError `unprocessable` with every path.
 */
export async function checkRule(
  { types }: Pick<ApiDependencies, 'types'>,
  tenantId: string,
  { then }: Pick<EventRule, 'then'>,
): Promise<void> {
  const errors: ErrorItem[] = [];
  for (const { step, path } of stepsOf(then)) {
    errors.push(...expressionErrors(step, path), ...constantErrors(step, path));
    const type = 'notification' in step ? step.notification?.type : undefined;
    if (type === undefined || isTemplated(type) || (await types.find(tenantId, type))) continue;
    errors.push({ path: `${path}.notification.type`, message: `there is no type "${type}"` });
  }
  const [first] = errors;
  if (first) throw new CarillonError('unprocessable', `${first.path}: ${first.message}`, errors.slice(0, 50));
}

/** Of the fields that have no Liquid anywhere in them. */
function constantErrors(step: EventStep, path: string): ErrorItem[] {
  if (!('notification' in step) || !step.notification) return [];
  const { shape } = step.do === 'trigger' ? anyTrigger : laterTrigger;
  return Object.entries(step.notification).flatMap(([name, value]): ErrorItem[] => {
    const schema = shape[name as keyof typeof shape];
    // Its Liquid is filled later, and is no matter of the event.
    const isFixed = name === 'content' || !hasLiquid(value);
    if (value === undefined || !isFixed) return [];
    try {
      parsePart(schema, value);
      return [];
    } catch (error) {
      if (!(error instanceof CarillonError)) throw error;
      return (error.errors ?? []).map((one) => ({
        path: [path, 'notification', name, ...(one.path === 'body' ? [] : [one.path])].join('.'),
        message: one.message,
      }));
    }
  });
}

function hasLiquid(value: unknown): boolean {
  if (typeof value === 'string') return isTemplated(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasLiquid);
}
