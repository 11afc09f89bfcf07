import { z } from 'zod';
import { certificateSignature, erasureCertificate, erasureStatuses } from '../../contracts/erasures.js';
import { erasureWorkflowId } from '../../contracts/ids.js';
import type { ErasureRow } from '../../models/erasures.js';
import type { Config } from '../../runtime/config.js';
import { temporalUrl } from '../views/notification.js';
import { iso } from '../views/time.js';

/** What asking for an erasure answers. */
export const erasureBegunView = z.object({ erasureId: z.string(), status: z.enum(erasureStatuses) });

export const erasureView = z.object({
  id: z.string(),
  status: z.enum(erasureStatuses),
  person: z.string().describe('a keyed hash of the person’s ID'),
  requestedBy: z.string(),
  requestedAt: z.iso.datetime(),
  completedAt: z.iso.datetime().nullable(),
  removed: z.record(z.string(), z.number()).describe('rows that are gone, by collection'),
  blanked: z.record(z.string(), z.number()).describe('rows that stay without the person, by collection'),
  runs: z.number().int().describe('runs that were deleted at Temporal, with their histories'),
  workflowId: z.string(),
  temporalUrl: z.string().nullable(),
});

export const erasureFullView = erasureView.extend({
  certificate: erasureCertificate.nullable(),
  signature: certificateSignature.nullable(),
});

/** An erasure in a list. */
export function showErasure(
  { config }: { config: Pick<Config, 'TEMPORAL_UI_URL' | 'TEMPORAL_NAMESPACE'> },
  row: ErasureRow,
): z.output<typeof erasureView> {
  const workflowId = erasureWorkflowId(row.tenantId, row.person);
  return {
    id: row.id,
    status: row.status,
    person: row.person,
    requestedBy: row.requestedBy,
    requestedAt: row.requestedAt.toISOString(),
    completedAt: iso(row.completedAt),
    removed: row.removed,
    blanked: row.blanked,
    runs: row.runs,
    workflowId,
    temporalUrl: temporalUrl(config, workflowId),
  };
}

/** With its certificate, once there is one. */
export function showErasureInFull(
  deps: { config: Pick<Config, 'TEMPORAL_UI_URL' | 'TEMPORAL_NAMESPACE'> },
  row: ErasureRow,
): z.output<typeof erasureFullView> {
  const { certificate, signature } = row;
  return {
    ...showErasure(deps, row),
    certificate: certificate === undefined ? null : erasureCertificate.parse(JSON.parse(certificate)),
    signature: signature ?? null,
  };
}
