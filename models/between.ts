/** The filter for what happened in a time: `from` inclusive, `to` exclusive, each of them open where it is undefined. */
export function between(
  field: string,
  from: Date | undefined,
  to: Date | undefined,
): Record<string, unknown> {
  if (!from && !to) return {};
  return { [field]: { ...(from ? { $gte: from } : {}), ...(to ? { $lt: to } : {}) } };
}
