import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { LRUCache } from 'lru-cache';
import { dataFormats } from '../contracts/data-schema.js';
import type { ErrorItem } from '../contracts/errors.js';

type Json = Readonly<Record<string, unknown>>;
type Validate = ValidateFunction;

/** Schemas of which one process keeps the compiled form. */
const MAX_COMPILED = 2_000;
/** All that is wrong is told of data up to this long, as JSON; of longer data the first place. */
const MAX_TOLD_WHOLE = 4_096;
const MAX_ERRORS = 50;

/*
 * ajv makes functions of schemas, and tenants write schemas. What they write is only ever a constant in that code: ajv
 * quotes names and values as JSON does and knows no keyword that takes code, and contracts/data-schema.ts has let
 * through no keyword that is not on its list, nothing that refers elsewhere, and nothing that runs for long.
 */
const options = {
  strict: false,
  logger: false as const,
  ownProperties: true,
  addUsedSchema: false,
  formats: dataFormats,
};
const first = new Ajv2020(options);
const all = new Ajv2020({ ...options, allErrors: true });

/** By content, so that a type that is read anew is not compiled anew; before it by the schema itself, at no cost. */
const byContent = new LRUCache<string, Validate>({ max: MAX_COMPILED });
const known = new WeakMap<Json, Validate>();

/** What of a schema of `data` is not JSON Schema (2020-12), beyond what its contract refuses; the path is within it. */
export function schemaErrors(schema: Json): ErrorItem[] {
  if (all.validateSchema(schema) === true) return [];
  return told(all.errors ?? []);
}

/**
 * What of `data` does not fit its type's schema, with paths such as `contract.title` behind `within`: by default
 * `data.contract.title`. Values are not repeated.
 */
export function dataErrors(schema: Json | null, data: Json, within = 'data'): ErrorItem[] {
  if (schema === null) return [];
  const validate = validatorOf(schema);
  if (validate(data)) return [];
  const found = JSON.stringify(data).length <= MAX_TOLD_WHOLE ? everything(schema, data) : validate.errors;
  return told(found ?? []).map(({ path, message }) => ({
    path: path === '' ? within : `${within}.${path}`,
    message,
  }));
}

function validatorOf(schema: Json): Validate {
  const found = known.get(schema);
  if (found) return found;
  const content = JSON.stringify(schema);
  const validate = byContent.get(content) ?? compile(first, schema);
  byContent.set(content, validate);
  known.set(schema, validate);
  return validate;
}

/** Compiled for the one who made the mistake, and not kept. */
function everything(schema: Json, data: Json): ErrorObject[] | null | undefined {
  const validate = compile(all, schema);
  validate(data);
  return validate.errors;
}

function compile(ajv: Ajv2020, schema: Json): Validate {
  const validate = ajv.compile(schema);
  // ajv itself would keep it for ever.
  ajv.removeSchema(schema);
  return validate;
}

function told(errors: readonly ErrorObject[]): ErrorItem[] {
  const byPath = new Map<string, string>();
  for (const error of errors) {
    const { path, message } = itemOf(error);
    if (!byPath.has(path) && byPath.size < MAX_ERRORS) byPath.set(path, message);
  }
  return [...byPath].map(([path, message]) => ({ path, message }));
}

function itemOf({ instancePath, keyword, params, message = 'does not fit' }: ErrorObject): ErrorItem {
  const place = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const named = params as { missingProperty?: string; additionalProperty?: string };
  if (named.missingProperty !== undefined) {
    return { path: [...place, named.missingProperty].join('.'), message: 'is missing' };
  }
  if (named.additionalProperty !== undefined) {
    return { path: [...place, named.additionalProperty].join('.'), message: 'is not a known field' };
  }
  const wording = keyword === 'enum' ? 'must be one of the values that the type allows' : message;
  return { path: place.join('.'), message: wording.replace(' NOT ', ' not ') };
}
