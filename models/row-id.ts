/**
 * The `_id` of a tenant's row: tenant first, so that uniqueness, look-ups and shards all begin with the tenant, and
 * the same ID in two tenants is two rows.
 */
export function rowId(tenantId: string, id: string): string {
  return `${tenantId}/${id}`;
}

/**
 * The `_id`s of what belongs to `owner`, in byte order, from after one of them on: a range of the primary index.
 * `owner` is a tenant, or a tenant and more.
 */
export function idsOf(owner: string, afterId = ''): { $gt: string; $lt: string } {
  // "0" is the character after "/".
  return { $gt: rowId(owner, afterId), $lt: `${owner}0` };
}

/** True for MongoDB's duplicate-key error. */
export function isDuplicateKey(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 11_000;
}

/** Places in an unordered `insertMany` whose keys were taken; undefined when anything else went wrong. */
export function duplicatesOf(error: unknown): number[] | undefined {
  if (typeof error !== 'object' || error === null || !('writeErrors' in error)) return undefined;
  const errors = [error.writeErrors].flat() as { code?: unknown; index?: unknown }[];
  if (errors.length === 0 || errors.some((one) => one.code !== 11_000)) return undefined;
  return errors.flatMap(({ index }) => (typeof index === 'number' ? [index] : []));
}
