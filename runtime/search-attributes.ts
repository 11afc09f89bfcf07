import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import type { searchAttributeNames } from '../contracts/ids.js';

/** Carillon's search attributes, all keywords, in the SDK's typed form. */
export function searchAttributes(
  values: Partial<Record<(typeof searchAttributeNames)[number], string>>,
): TypedSearchAttributes {
  return new TypedSearchAttributes(
    Object.entries(values).map(([name, value]) => ({
      key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
      value,
    })),
  );
}
