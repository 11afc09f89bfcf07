/**
 * The `_id` of a tenant's row: tenant first, so that uniqueness, look-ups and shards all begin with the tenant, and
 * the same ID in two tenants is two rows.
 */
export function rowId(tenantId: string, id: string): string {
  return `${tenantId}/${id}`;
}

/** True for MongoDB's duplicate-key error. */
export function isDuplicateKey(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 11_000;
}
