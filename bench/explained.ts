import type { Connection } from 'mongoose';

export interface Explained {
  operation: string;
  /** The plan's stages and indexes: `IXSCAN { tenantId: 1, … }`. */
  summary: string;
  /** Keys and rows looked at. */
  examined: number;
  /** It was put in order after it was found. */
  isSorted: boolean;
}

/** How MongoDB itself says that it answered what the API process asked while `act` ran. */
export async function explained(mongo: Connection, act: () => Promise<void>): Promise<Explained[]> {
  const { db } = mongo;
  if (!db) throw new Error('not connected');
  await db.command({ profile: 0 });
  await db.collection('system.profile').drop();
  await db.command({ profile: 2 });
  await act();
  await db.command({ profile: 0 });
  const entries = await db
    .collection('system.profile')
    .find({ appName: 'carillon-api', planSummary: { $exists: true } })
    .toArray();
  return entries.map((entry) => ({
    operation: `${String(entry.op)} on ${String(entry.ns).replace(/^[^.]*\./, '')}`,
    summary: String(entry.planSummary),
    examined: Math.max(Number(entry.keysExamined ?? 0), Number(entry.docsExamined ?? 0)),
    isSorted: Boolean(entry.hasSortStage),
  }));
}
