import { z } from 'zod';

/**
 * A strict object with these fields, and beside them the entries of a record whose keys are told by their name: what
 * neither knows is refused.
 */
export function beside<
  Fields extends z.ZodRawShape,
  Key extends z.core.$ZodRecordKey,
  Value extends z.ZodType,
>(fields: Fields, entries: z.ZodRecord<Key, Value>) {
  return z.intersection(z.strictObject(fields), entries);
}
