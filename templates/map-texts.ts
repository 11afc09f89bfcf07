/** A copy of a JSON value with every text in it replaced; `path` is dotted, `items.0.label`. */
export function mapTexts(
  value: unknown,
  replace: (text: string, path: string) => string,
  path: readonly string[] = [],
): unknown {
  if (typeof value === 'string') return replace(value, path.join('.'));
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item, index) => mapTexts(item, replace, [...path, `${index}`]));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapTexts(item, replace, [...path, key])]),
  );
}
