/** One place in which two values differ; `undefined` where one of them has nothing there. */
export interface Difference {
  /** Dotted; empty for the value as a whole. */
  path: string;
  before: unknown;
  after: unknown;
}

/** Where two JSON values differ, in the order of their fields. Lists of plain values are compared as a whole. */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isObject(before ?? {}) || !isObject(after ?? {}) || (before ?? after ?? undefined) === undefined) {
    return [{ path, before: before ?? undefined, after: after ?? undefined }];
  }
  const [old, now] = [(before ?? {}) as Record<string, unknown>, (after ?? {}) as Record<string, unknown>];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const found = names.flatMap((name) => {
    const place = path === '' ? name : `${path}.${name}`;
    const [one, other] = [old[name], now[name]];
    if (isObject(one) && isObject(other)) return differences(one, other, place);
    return JSON.stringify(one) === JSON.stringify(other) ? [] : [{ path: place, before: one, after: other }];
  });
  return found.length > 0 ? found : [{ path, before: before ?? undefined, after: after ?? undefined }];
}

/** A value as it is read in one cell. */
export function inOneCell(value: unknown): string {
  if (typeof value === 'string') return value;
  const isLong = typeof value === 'object' && value !== null && JSON.stringify(value).length > 60;
  return JSON.stringify(value, null, isLong ? 2 : undefined) ?? '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
