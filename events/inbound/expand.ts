import type { ErrorItem } from '../../contracts/errors.js';
import { CarillonError } from '../../contracts/errors.js';
import { checkExpression, evaluate } from '../../templates/expression.js';
import type { FilterSettings } from '../../templates/liquid-filters.js';
import type { EventScope } from './scope.js';

/** What a mapping is filled from. */
export interface Filling {
  scope: EventScope;
  settings: FilterSettings;
  /** Where it did not work; the field is left out then. */
  errors: ErrorItem[];
}

/** A mapping with its Liquid evaluated. What comes to nothing is left out of its object or list. */
export function expand(value: unknown, path: string, filling: Filling): unknown {
  if (typeof value === 'string') return expandText(value, path, filling);
  if (Array.isArray(value)) {
    return value
      .map((one, index) => expand(one, `${path}.${index}`, filling))
      .filter((one) => one !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, one]) => [name, expand(one, `${path}.${name}`, filling)] as const)
      .filter(([, one]) => one !== undefined),
  );
}

function expandText(text: string, path: string, { scope, settings, errors }: Filling): unknown {
  try {
    return evaluate(text, scope, settings, path);
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    errors.push(...(error.errors ?? [{ path, message: error.detail }]));
    return undefined;
  }
}

/** Numbers as text, however deep: producers often have numbers for IDs, which are text here. */
export function withTexts(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(withTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withTexts(one)]));
}

/** The errors in a mapping's Liquid, each with its path. */
export function expressionErrors(value: unknown, path: string): ErrorItem[] {
  if (typeof value === 'string') {
    try {
      checkExpression(value, path);
      return [];
    } catch (error) {
      if (!(error instanceof CarillonError)) throw error;
      return [...(error.errors ?? [])];
    }
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => expressionErrors(one, `${path}.${name}`));
}
