import type { z } from 'zod';
import { CarillonError, invalid, type ErrorItem } from './errors.js';
import { messageOf } from './issue-message.js';
import { MAX_DEPTH } from './primitives.js';

/**
 * Parses one part of a request.
 * @throws CarillonError `validation_failed` with every path that is wrong.
 */
export function parsePart<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value, { reportInput: false });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap(toItems).slice(0, 50);
  const [first] = errors;
  throw new CarillonError(
    'validation_failed',
    first ? `${first.path === '' ? '' : `${first.path}: `}${first.message}` : 'the request is not valid',
    errors,
  );
}

function toItems(issue: z.core.$ZodIssue): ErrorItem[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: path === '' ? key : `${path}.${key}`,
      message: 'is not a known field',
    }));
  }
  if (issue.code === 'invalid_union') {
    const deepest = issue.errors.flat().sort((one, other) => other.path.length - one.path.length)[0];
    if (deepest && deepest.path.length > 0) {
      return toItems({ ...deepest, path: [...issue.path, ...deepest.path] });
    }
  }
  return [{ path: path === '' ? 'body' : path, message: messageOf(issue) }];
}

/** Refuses nesting that recursive code would overflow on. */
export function checkDepth(value: unknown): void {
  if (isTooDeep(value)) throw invalid('body', `is nested deeper than ${MAX_DEPTH} levels`);
}

/** True for nesting that recursive code would overflow on. Walks without recursion itself. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((each): unknown[] =>
      typeof each === 'object' && each !== null ? Object.values(each) : [],
    );
  }
  return false;
}
