import { z } from 'zod';

export const erasureStatuses = ['running', 'completed'] as const;
export type ErasureStatus = (typeof erasureStatuses)[number];

/** What an erasure did to one collection: rows that are gone, and rows from which the person was taken. */
const collectionCounts = z.object({
  collection: z.string(),
  removed: z.number().int(),
  blanked: z.number().int(),
});
export type CollectionCounts = z.infer<typeof collectionCounts>;

/**
 * What was done, in the end. It names nobody: `person` is a keyed hash of their ID, which the tenant's key alone can
 * make again.
 */
export const erasureCertificate = z.strictObject({
  version: z.literal(1),
  erasureId: z.string(),
  tenantId: z.string(),
  person: z.string(),
  requestedBy: z.string(),
  requestedAt: z.iso.datetime(),
  completedAt: z.iso.datetime(),
  collections: z.array(collectionCounts),
  runs: z.strictObject({ removed: z.number().int(), means: z.string() }),
  /** Everything was looked through so often; the last time nothing was found, or only what came in meanwhile. */
  passes: z.number().int(),
  kept: z.array(z.string()),
  outOfReach: z.array(z.string()),
});
export type ErasureCertificate = z.infer<typeof erasureCertificate>;

/** How a certificate is signed: HMAC-SHA256 (RFC 2104) with a key of the deployment, base64url, over its ordered JSON. */
export const certificateSignature = z.string().min(1).max(100);

/** Where an erasure is. Whom it is of stands, sealed, in MongoDB. */
export interface ErasurePlace {
  tenantId: string;
  erasureId: string;
}

/** What the `erasure` workflow is started with. */
export type ErasureInput = ErasurePlace;

export interface ErasureResult {
  status: 'completed' | 'gone';
  passes: number;
}

/** How much one pass found: runs and rows. */
export interface ErasurePass {
  found: number;
}

/** Input of `certifyErasure`. */
export type CertifyRequest = ErasurePlace & { passes: number };

/** Who is to be erased, and by what else they are found. Kept sealed, and only until it is done. */
export interface ErasedPerson {
  tenantId: string;
  recipientId: string;
  /** The recipient's ID, and those under which the bare addresses of this person got messages. */
  ids: string[];
  /** Keyed hashes of the person's addresses. */
  addressHashes: string[];
}
