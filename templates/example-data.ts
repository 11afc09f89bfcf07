import type { NotificationType } from '../contracts/notification-types.js';
import { findExample } from './built-in-types.js';

type Schema = Readonly<Record<string, unknown>>;

/** Deepest and longest that an example is made. */
const MAX_DEPTH = 6;
const MAX_FIELDS = 200;

/** `data` to show a template with: the built-in type's own, else what its schema gives as examples, or allows. */
export function exampleData({
  name,
  variables,
}: Pick<NotificationType, 'name' | 'variables'>): Record<string, unknown> {
  const known = findExample(name);
  const made = variables === null ? undefined : exampleOf(variables, 'data', 0);
  return { ...(isRecord(made) ? made : {}), ...known };
}

function exampleOf(schema: unknown, name: string, depth: number): unknown {
  if (!isRecord(schema) || depth > MAX_DEPTH) return null;
  const { examples, enum: allowed, items, properties, format } = schema;
  if ('default' in schema) return schema.default;
  if ('const' in schema) return schema.const;
  if (Array.isArray(examples) && examples.length > 0) return examples[0] as unknown;
  if (Array.isArray(allowed) && allowed.length > 0) return allowed[0] as unknown;
  const [alternative] = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((some) =>
    Array.isArray(some) ? (some as unknown[]) : [],
  );
  switch (typeOf(schema)) {
    case 'string':
      return textOf(format, name);
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? schema.minimum : 3;
    case 'boolean':
      return true;
    case 'array':
      return [exampleOf(items ?? { type: 'string' }, name.replace(/s$/, ''), depth + 1)];
    case 'object':
      return Object.fromEntries(
        Object.entries(isRecord(properties) ? properties : {})
          .slice(0, MAX_FIELDS)
          .map(([key, value]) => [key, exampleOf(value, key, depth + 1)]),
      );
    case undefined:
    default:
      return alternative === undefined ? wordsOf(name) : exampleOf(alternative, name, depth + 1);
  }
}

function typeOf({ type, properties, items }: Schema): string | undefined {
  const [first] = Array.isArray(type) ? (type as unknown[]).filter((one) => one !== 'null') : [type];
  if (typeof first === 'string') return first;
  return properties === undefined ? (items === undefined ? undefined : 'array') : 'object';
}

function textOf(format: unknown, name: string): string {
  switch (format) {
    case 'date':
      return '2027-01-15';
    case 'date-time':
      return '2027-01-15T14:30:00Z';
    case 'email':
      return 'ann@example.com';
    case 'uri':
      return 'https://example.com/';
    default:
      return wordsOf(name);
  }
}

/** `contractTitle` as `Contract title`. */
function wordsOf(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])|[_-]+/g, '$1 $2')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function isRecord(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
