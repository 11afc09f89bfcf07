import type { CertifyRequest, ErasureCertificate } from '../../contracts/erasures.js';
import type { ErasureRow } from '../../models/erasures.js';
import { signCertificate } from '../../models/erasure-certificates.js';
import type { ActivityDependencies } from '../dependencies.js';

const DAY_MS = 86_400_000;

/** Why something of the person, or of what was done, stays. */
const kept = [
  'keyed hashes of the addresses that are not to be written to',
  'the audit trail: what was done and when, with a keyed hash in place of the person',
  'sums by channel, type and role, which name nobody',
  'this certificate',
];

/** What Carillon cannot erase. Whoever runs it sees to these: `docs/privacy.md` says how. */
const outOfReach = [
  'backups of the database and of Temporal, until they are rotated',
  'files that housekeeping wrote before it removed what was past its time',
  'histories that Temporal has archived, where the namespace archives them',
  'what providers and the receivers of webhooks keep of what they were sent',
  'events that stand in topics of Kafka, until their retention is over',
  'what texts to other people say of the person, and lines that tell what the person did to these as an administrator',
  'logs of the processes, which have IDs and no addresses or contents',
];

/** Ends it with a signed account of what was done, and forgets whom it was of. Of one that is completed nothing changes. */
export function createCertifyErasure({ models }: ActivityDependencies) {
  return async function certifyErasure({ tenantId, erasureId, passes }: CertifyRequest): Promise<void> {
    const row = await models.erasures.find(tenantId, erasureId);
    if (row?.status !== 'running') return;
    const certificate = certificateOf(row, passes, new Date());
    const purgeAt = new Date(Date.now() + (await models.tenants.auditDays(tenantId)) * DAY_MS);
    await models.erasures.complete(certificate, await signCertificate(models.dataKeys, certificate), purgeAt);
  };
}

function certificateOf(row: ErasureRow, passes: number, now: Date): ErasureCertificate {
  const collections = [...new Set([...Object.keys(row.removed), ...Object.keys(row.blanked)])].sort();
  return {
    version: 1,
    erasureId: row.id,
    tenantId: row.tenantId,
    person: row.person,
    requestedBy: row.requestedBy,
    requestedAt: row.requestedAt.toISOString(),
    completedAt: now.toISOString(),
    collections: collections.map((collection) => ({
      collection,
      removed: row.removed[collection] ?? 0,
      blanked: row.blanked[collection] ?? 0,
    })),
    runs: { removed: row.runs, means: 'ended where they went on, and deleted with their histories' },
    passes,
    kept,
    outOfReach,
  };
}
