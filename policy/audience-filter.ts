import {
  boundsOf,
  type AudienceFilter,
  type FilterCondition,
  type FilterScalar,
} from '../contracts/audience-filter.js';
import type { AttributeValue } from '../contracts/subscribers.js';
import { byBytes } from './audience-page.js';

/** What of a person a filter looks at. */
export interface Filterable {
  locale?: string;
  timezone?: string;
  attributes: Readonly<Record<string, AttributeValue>>;
}

/** True when all of a filter's conditions hold for the person; the same answer as the database's query gives. */
export function matchesFilter(filter: AudienceFilter, person: Filterable): boolean {
  return Object.entries(filter).every(([name, condition]) => holds(condition, valuesOf(name, person)));
}

function valuesOf(name: string, person: Filterable): readonly FilterScalar[] {
  const value = name === 'locale' || name === 'timezone' ? person[name] : attributeOf(name, person);
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function attributeOf(name: string, { attributes }: Filterable): AttributeValue | undefined {
  const attribute = name.slice('attributes.'.length);
  // An attribute may be called as a method that every object has.
  return Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
}

function holds(condition: FilterCondition, values: readonly FilterScalar[]): boolean {
  if (typeof condition !== 'object') return values.includes(condition);
  const { in: allowed, exists } = condition;
  if (exists !== undefined) return values.length > 0 === exists;
  if (allowed !== undefined) return values.some((value) => allowed.includes(value));
  const bounds = boundsOf(condition);
  return values.some((value) => bounds.every(([name, bound]) => isWithin[name](order(value, bound))));
}

const isWithin = {
  gt: (order: number) => order > 0,
  gte: (order: number) => order >= 0,
  lt: (order: number) => order < 0,
  lte: (order: number) => order <= 0,
};

/** Negative, zero or positive; NaN, which is within no bound, for values of different types. */
function order(value: FilterScalar, bound: string | number): number {
  if (typeof value === 'string' && typeof bound === 'string') return byBytes(value, bound);
  if (typeof value === 'number' && typeof bound === 'number') return value - bound;
  return NaN;
}
