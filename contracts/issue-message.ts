import type { z } from 'zod';

/** What is wrong with a field, to stand behind its name: `is missing`, `must be one of email, sms`. */
export function messageOf(issue: z.core.$ZodIssue): string {
  if (!zodsOwn.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      // zod keeps what was given out of the issue, and says in its message that nothing was.
      if (issue.message.endsWith('received undefined')) return 'is missing';
      return `must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return tooSmall(issue.origin, Number(issue.minimum));
    case 'too_big':
      return `must be at most ${Number(issue.maximum)}${unit(issue.origin)}`;
    case 'invalid_key': {
      const [first] = issue.issues;
      return first ? `its name ${messageOf(first)}` : 'has a name that is not allowed';
    }
    case 'invalid_union': {
      const messages = new Set(issue.errors.flat().map(messageOf));
      return messages.size > 0 ? [...messages].join(', or ') : 'does not fit';
    }
    case 'invalid_format':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'custom':
      return issue.message;
  }
}

/** How zod's messages begin; the others are the schemas'. */
const zodsOwn = /^(Invalid|Too|Unrecognized) /;

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

function tooSmall(origin: string, minimum: number): string {
  if (minimum === 1 && unit(origin) !== '') return 'must not be empty';
  return `must be at least ${minimum}${unit(origin)}`;
}

function unit(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' items' : '';
}
