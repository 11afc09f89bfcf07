import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { NotificationStatus } from '../contracts/statuses.js';

const statusKey = defineSearchAttributeKey('CarillonStatus', SearchAttributeType.KEYWORD);

/** Shows the status in Temporal's lists. Costs a history event, so only a change is written. */
export function showStatus(status: NotificationStatus): void {
  if (workflowInfo().typedSearchAttributes.get(statusKey) === status) return;
  upsertSearchAttributes([{ key: statusKey, value: status }]);
}
