import type { mongo } from 'mongoose';
import { boundsOf, type AudienceFilter, type FilterCondition } from '../contracts/audience-filter.js';

/** Indexes of people, each of which gives the people of a point in it in the order of their IDs. */
export const PEOPLE_BY_FACET = 'people_by_facet';
export const PEOPLE_BY_ROLE = 'people_by_role';

/** Who is meant: people with one of the roles, and for whom the filter holds. */
export interface PeopleQuery {
  roles?: readonly string[];
  filter?: AudienceFilter;
}

/**
 * The conditions of a query for people, and the index that gives them in the order of their IDs, so that nothing is
 * sorted in memory. Values to be equal to are points in the index of facets, and so are roles in theirs. A range or an
 * existence is none: without a point beside it the tenant's people are walked through once, by ID.
 */
export function peopleQuery({ roles, filter = {} }: PeopleQuery): {
  conditions: mongo.Document;
  hint: string;
} {
  const all = Object.entries(filter).map(([name, condition]) => onFacet(name, condition));
  if (roles) all.push({ roles: { $in: roles } });
  return {
    conditions: all.length > 0 ? { $and: all } : {},
    hint: hasPoint(filter) ? PEOPLE_BY_FACET : roles ? PEOPLE_BY_ROLE : '_id_',
  };
}

/**
 * Of several conditions the planner takes bounds from one, and from an equality before a range before a list. So a list
 * is a point only where there is no range.
 */
function hasPoint(filter: AudienceFilter): boolean {
  const conditions = Object.values(filter);
  if (conditions.some((condition) => typeof condition !== 'object')) return true;
  return (
    conditions.length > 0 &&
    conditions.every((condition) => typeof condition === 'object' && condition.in !== undefined)
  );
}

function onFacet(k: string, condition: FilterCondition): mongo.Document {
  if (typeof condition !== 'object') return { facets: { $elemMatch: { k, v: condition } } };
  if (condition.exists === true) return { facets: { $elemMatch: { k } } };
  if (condition.exists === false) return { facets: { $not: { $elemMatch: { k } } } };
  if (condition.in !== undefined) return { facets: { $elemMatch: { k, v: { $in: condition.in } } } };
  const bounds = boundsOf(condition).map(([name, bound]) => [`$${name}`, bound]);
  return { facets: { $elemMatch: { k, v: Object.fromEntries(bounds) as mongo.Document } } };
}
