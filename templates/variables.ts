/** JSON Schema 2020-12 of one variable. */
type Schema = Readonly<Record<string, unknown>>;

const describedAs =
  (schema: Schema) =>
  (description: string): Schema => ({ description, ...schema });

const line: Schema = { type: ['string', 'number', 'null'] };

/** A text; a number is as good as one. Here and below `null` is as good as nothing. */
export const text = describedAs(line);

/** A person or thing: a text, or an object with a `name` or `title`. */
export const thing = describedAs({
  type: ['string', 'number', 'object', 'null'],
  properties: { name: { type: ['string', 'null'] }, title: { type: ['string', 'null'] } },
});

/** ISO 8601, a date or an instant, or milliseconds since 1970. */
export const date = describedAs({ type: ['string', 'integer', 'null'] });

/** How many. */
export const count = describedAs({ type: ['number', 'null'] });

/** An http or https URL, or a path within the tenant's application. */
export const link = describedAs({ type: ['string', 'null'], maxLength: 2048 });

/** Several texts, or whatever `items` says. */
export const list = (description: string, items: Schema = line): Schema => ({
  description,
  type: ['array', 'null'],
  items,
});

/** An object with some of these fields, and any others. */
export const fields = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  properties,
});

/**
 * The schema of a type's `data`. Nothing is required, as every text does without; and what it does not name is
 * allowed, as callers send one object to several types.
 */
export function variables(properties: Readonly<Record<string, Schema>>): Record<string, unknown> {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...fields(properties) };
}
