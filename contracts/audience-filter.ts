import { z } from 'zod';
import { ATTRIBUTE_NAME } from './subscribers.js';

const facetName = z
  .string()
  .regex(
    new RegExp(`^(locale|timezone|attributes\\.${ATTRIBUTE_NAME})$`),
    'must be locale, timezone or attributes.<name>: people can be filtered by these only',
  );

// Half a surrogate pair would be stored as another character, and so compare as another.
const text = z
  .string()
  .max(1000)
  .refine((given) => !/\p{Surrogate}/u.test(given), 'must be well-formed Unicode');
const aScalar = 'must be a text, a number, true or false';
const scalar = z.union([text, z.number(), z.boolean()], aScalar);
const bound = z.union([text, z.number()], 'must be a text or a number').optional();

const operators = z.strictObject({
  /** One of these. */
  in: z.array(scalar).min(1).max(100).optional(),
  /** Whether there is any value; an empty list is none. */
  exists: z.boolean().optional(),
  gt: bound,
  gte: bound,
  lt: bound,
  lte: bound,
});
type Operators = z.infer<typeof operators>;

const condition = z.union(
  [
    text,
    z.number(),
    z.boolean(),
    operators
      .refine(isOneKind, 'must be one of { in }, { exists } or a range of { gt, gte, lt, lte }')
      .refine(isOfOneType, 'must not mix texts and numbers'),
  ],
  `${aScalar}, or one of { in }, { exists } or a range of { gt, gte, lt, lte }`,
);

/**
 * Which people: all of 1-10 conditions hold, each on `locale`, `timezone` or `attributes.<name>`. An attribute that is
 * a list fulfils a condition by any of its elements. Texts are compared exactly, and ordered by their UTF-8 bytes;
 * a range of numbers holds numbers only, one of texts texts only.
 */
export const audienceFilter = z
  .record(facetName, condition)
  .refine((filter) => Object.keys(filter).length > 0, 'must hold at least one condition')
  .refine((filter) => Object.keys(filter).length <= 10, 'must hold at most 10 conditions');
export type AudienceFilter = z.infer<typeof audienceFilter>;
export type FilterCondition = z.infer<typeof condition>;
export type FilterScalar = z.infer<typeof scalar>;

/** The bounds of a range. */
export function boundsOf({ gt, gte, lt, lte }: Operators): ['gt' | 'gte' | 'lt' | 'lte', string | number][] {
  const all = Object.entries({ gt, gte, lt, lte }) as ['gt', string | number | undefined][];
  return all.flatMap(([name, given]) => (given === undefined ? [] : [[name, given]]));
}

function isOneKind(given: Operators): boolean {
  const kinds = [given.in !== undefined, given.exists !== undefined, boundsOf(given).length > 0];
  return kinds.filter(Boolean).length === 1;
}

function isOfOneType(given: Operators): boolean {
  return new Set(boundsOf(given).map(([, value]) => typeof value)).size <= 1;
}
