import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Connection } from 'mongoose';

/** A place, and all that can be read there. */
export interface Stored {
  place: string;
  text: string;
}

/** Every row of every collection, its binary values and what is base64 in its texts decoded. */
export async function dumpMongo(mongo: Connection): Promise<Stored[]> {
  const { db } = mongo;
  if (!db) throw new Error('not connected');
  const stored: Stored[] = [];
  for (const collection of await db.collections()) {
    for await (const row of collection.find()) {
      const texts: string[] = [];
      collect(row, texts);
      stored.push({ place: `${collection.collectionName} ${String(row._id)}`, text: texts.join('\n') });
    }
  }
  return stored;
}

/** Every run of a tenant: its raw history, as the server keeps it, and what lists and the Web UI show of it. */
export async function dumpTemporal(client: Client, tenantId: string): Promise<Stored[]> {
  const stored: Stored[] = [];
  const query = `CarillonTenant="${tenantId}"`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const history = await handle.fetchHistory();
    const bytes = proto.temporal.api.history.v1.History.encode(history).finish();
    const texts: string[] = [Buffer.from(bytes).toString('latin1'), Buffer.from(bytes).toString('utf8')];
    collect(history, texts);
    collect((await handle.describe()).raw, texts);
    stored.push({ place: workflowId, text: texts.join('\n') });
  }
  return stored;
}

/** Where one of these words can be read, by place. */
export function readable(stored: readonly Stored[], words: readonly string[]): string[] {
  return stored.flatMap(({ place, text }) =>
    words.filter((word) => text.includes(word)).map((word) => `${place}: ${word}`),
  );
}

function collect(value: unknown, texts: string[], depth = 0): void {
  if (depth > 30 || value === null || value === undefined) return;
  if (typeof value === 'string') {
    texts.push(value, Buffer.from(value, 'base64').toString('utf8'));
    return;
  }
  const bytes = bytesOf(value);
  if (bytes) {
    texts.push(bytes.toString('utf8'), bytes.toString('latin1'), bytes.toString('base64'));
    return;
  }
  if (typeof value !== 'object') return;
  for (const [name, inner] of Object.entries(value)) {
    texts.push(name);
    collect(inner, texts, depth + 1);
  }
}

function bytesOf(value: unknown): Buffer | undefined {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (
    typeof value === 'object' &&
    value !== null &&
    'buffer' in value &&
    value.buffer instanceof Uint8Array
  ) {
    return Buffer.from(value.buffer);
  }
  return undefined;
}
