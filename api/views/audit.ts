import type { AuditRow } from '../../models/audit.js';
import { rowId } from '../../models/row-id.js';

/** A line of the audit trail. */
export function showAudit({ _id, tenantId, at, actor, action, subject, before, after }: AuditRow) {
  const value = (json: string | undefined) => (json === undefined ? null : (JSON.parse(json) as unknown));
  return {
    id: _id.slice(rowId(tenantId, '').length),
    at: at.toISOString(),
    actor,
    action,
    subject,
    before: value(before),
    after: value(after),
  };
}
