import { z } from 'zod';
import { emailAddress, jsonData, timestamp } from './primitives.js';

/** Longest schema of a type's `data`, as JSON, in bytes. */
export const MAX_SCHEMA_BYTES = 16 * 1024;
/** Deepest nesting of schemas within schemas. */
const MAX_SCHEMA_DEPTH = 16;
/** Schemas that data may be held against: each `$ref` counts as what it stands for, and what lists are held against … */
const MAX_SCHEMAS = 1_000;
/** … this many times, since there may be thousands of elements. */
const WEIGHT_IN_LISTS = 10;

const accepts = (schema: z.ZodType) => (text: string) => schema.safeParse(text).success;

/** What `format` may be, each with its check. */
export const dataFormats: Readonly<Record<string, (text: string) => boolean>> = {
  date: accepts(z.iso.date()),
  'date-time': accepts(timestamp),
  email: accepts(emailAddress),
  uri: accepts(z.url()),
  uuid: accepts(z.guid()),
};

/** Keywords whose value is a schema, a list of schemas, or an object of schemas by name. */
const withSchema = [
  'additionalProperties',
  'propertyNames',
  'items',
  'contains',
  'not',
  'if',
  'then',
  'else',
];
/** Of those, the ones that each element or field of the data is held against. */
const forEach = ['additionalProperties', 'propertyNames', 'items', 'contains'];
const withSchemas = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const withNamedSchemas = ['properties', 'dependentSchemas', '$defs'];
const others = [
  ...[
    '$schema',
    '$comment',
    'title',
    'description',
    'examples',
    'default',
    'deprecated',
    'readOnly',
    'writeOnly',
  ],
  ...['$ref', 'type', 'enum', 'const', 'format', 'required', 'dependentRequired'],
  ...['minProperties', 'maxProperties', 'minItems', 'maxItems', 'minContains', 'maxContains'],
  ...['minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
];
const keywords = new Set([...withSchema, ...withSchemas, ...withNamedSchemas, ...others]);
const refusals: Readonly<Record<string, string>> = {
  pattern: 'is not taken, since some regular expressions take forever: use a format, an enum or a length',
  patternProperties: 'is not taken, since some regular expressions take forever: use additionalProperties',
  uniqueItems: 'is not taken, since it takes forever for long lists',
};

/**
 * JSON Schema (2020-12) of a type's `data`: what of it can be checked quickly, whatever the data. Not taken are regular
 * expressions, `uniqueItems`, references to anywhere but its own `$defs`, and definitions that contain themselves.
 * Whether each keyword has a value that fits is not looked at here.
 */
export const dataSchema = jsonData.superRefine((schema, context) => {
  for (const { path, message } of schemaProblems(schema)) {
    context.addIssue({ code: 'custom', message, path: [...path] });
  }
});

type Json = Readonly<Record<string, unknown>>;

interface Problem {
  path: readonly string[];
  message: string;
}

/** What of a schema is not taken; at most ten. */
function schemaProblems(schema: Json): Problem[] {
  const bytes = new TextEncoder().encode(JSON.stringify(schema)).length;
  if (bytes > MAX_SCHEMA_BYTES)
    return [{ path: [], message: `is larger than ${MAX_SCHEMA_BYTES / 1024} KiB` }];
  const problems: Problem[] = [];
  const definitions = isObject(schema.$defs) ? schema.$defs : {};
  const sizes = new Map<string, number | 'being counted'>();

  /** Counts the schemas in one as {@link MAX_SCHEMAS} says. */
  const count = (value: unknown, path: readonly string[], depth: number, weight = 1): number => {
    if (!isObject(value)) return 0;
    if (depth > MAX_SCHEMA_DEPTH) {
      refuse(path, `is nested deeper than ${MAX_SCHEMA_DEPTH} schemas`);
      return 1;
    }
    let size = weight;
    for (const [keyword, inner] of Object.entries(value)) {
      const at = [...path, keyword];
      if (!keywords.has(keyword)) refuse(at, refusals[keyword] ?? 'is not a keyword that is taken');
      else if (keyword === '$defs' && path.length > 0) refuse(at, 'stand at the top of the schema only');
      else if (keyword === '$ref') size += weight * referred(inner, at, depth);
      else if (keyword === 'format' && !Object.hasOwn(dataFormats, String(inner))) {
        refuse(at, `must be one of ${Object.keys(dataFormats).join(', ')}`);
      } else if (keyword !== '$defs')
        size += inside(keyword, inner, at, depth + 1, forEach.includes(keyword) ? WEIGHT_IN_LISTS : weight);
    }
    return size;
  };
  const inside = (
    keyword: string,
    value: unknown,
    at: readonly string[],
    depth: number,
    weight: number,
  ): number => {
    if (withSchema.includes(keyword)) return count(value, at, depth, weight);
    const isList = withSchemas.includes(keyword) && Array.isArray(value);
    const isNamed = withNamedSchemas.includes(keyword) && isObject(value);
    if (!isList && !isNamed) return 0;
    return Object.entries(value as object).reduce(
      (size, [name, one]) => size + count(one, [...at, name], depth, weight),
      0,
    );
  };
  const referred = (ref: unknown, at: readonly string[], depth: number): number => {
    const [, name] = /^#\/\$defs\/([\w-]+)$/.exec(String(ref)) ?? [];
    if (name === undefined || !Object.hasOwn(definitions, name)) {
      refuse(at, 'must name one of the schema’s own $defs, as #/$defs/name');
      return 0;
    }
    const known = sizes.get(name);
    if (known === 'being counted') refuse(at, 'leads back to itself');
    if (known !== undefined) return known === 'being counted' ? 0 : known;
    sizes.set(name, 'being counted');
    const size = count(definitions[name], ['$defs', name], depth + 1);
    sizes.set(name, size);
    return size;
  };
  const refuse = (path: readonly string[], message: string) => {
    if (problems.length < 10) problems.push({ path, message });
  };

  const size = count(schema, [], 0);
  for (const name of Object.keys(definitions)) {
    if (!sizes.has(name)) count(definitions[name], ['$defs', name], 1);
  }
  if (size > MAX_SCHEMAS) refuse([], `comes to more than ${MAX_SCHEMAS} schemas`);
  return problems;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
