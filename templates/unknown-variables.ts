import { variablesIn } from './liquid.js';
import { mapTexts } from './map-texts.js';

/** What every template sees beside `data`. */
const everywhere = new Set([
  'recipient',
  'tenant',
  'actor',
  'notification',
  'unsubscribeUrl',
  'mail',
  'locale',
  'timezone',
]);

/** Told of one template at most. */
const MAX_TOLD = 50;

/**
 * Variables, with dots, that a template's texts name and the type's schema of `data` does not: mostly slips of the pen,
 * since nothing is printed for them. Without a schema, those that are not in `data`.
 */
export function unknownVariables(
  texts: object,
  schema: Readonly<Record<string, unknown>> | null,
  data: Readonly<Record<string, unknown>>,
): string[] {
  const unknown = new Set<string>();
  mapTexts(texts, (text) => {
    for (const path of variablesIn(text)) {
      const [root = ''] = path;
      if (everywhere.has(root)) continue;
      const isKnown = schema === null ? isInData(data, path) : isInSchema(schema, path);
      if (!isKnown) unknown.add(path.join('.'));
    }
    return text;
  });
  return [...unknown].slice(0, MAX_TOLD);
}

/** True also where a schema allows what it does not name. */
function isInSchema(schema: unknown, [name, ...deeper]: readonly string[]): boolean {
  if (name === undefined || !isRecord(schema)) return true;
  const some = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((each) =>
    Array.isArray(each) ? (each as unknown[]) : [],
  );
  if (some.some((each) => isRecord(each) && isInSchema(each, [name, ...deeper]))) return true;
  if (schema.type === 'array' || schema.items !== undefined) return true;
  const { properties, patternProperties, additionalProperties } = schema;
  if (!isRecord(properties)) return some.length === 0;
  if (Object.hasOwn(properties, name)) return isInSchema(properties[name], deeper);
  return patternProperties !== undefined || isRecord(additionalProperties);
}

function isInData(data: unknown, [name, ...deeper]: readonly string[]): boolean {
  if (name === undefined || Array.isArray(data)) return true;
  // Liquid's own: size, first and last.
  if (!isRecord(data)) return ['size', 'first', 'last'].includes(name);
  return Object.hasOwn(data, name) && isInData(data[name], deeper);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
