import { setTimeout as pause } from 'node:timers/promises';
import type { ChannelName } from '../contracts/channels.js';
import type { Models } from '../models/models.js';
import type { HttpCaller } from './callers.js';
import { cpuTimes, cpuUsed } from './processes.js';
import type { CpuLine } from './row.js';
import type { Stack } from './stack.js';

const PORTION = 1_000;

/** A tenant with many people who have an inbox and an address at `domain`, and a key that may send to everyone. */
export async function createAudience(
  models: Models,
  tenantId: string,
  options: { people: number; domain: string },
): Promise<{ key: string }> {
  await models.tenants.create({ id: tenantId, name: tenantId, timezone: 'UTC', locale: 'en' });
  for (let from = 1; from <= options.people; from += PORTION) {
    const people = Array.from({ length: Math.min(PORTION, options.people - from + 1) }, (_, at) => {
      const id = `person-${from + at}`;
      return { id, fields: { email: `${id}@${options.domain}` } };
    });
    await models.subscribers.upsertMany(tenantId, people);
  }
  return models.apiKeys.create(tenantId, 'bench', ['admin']);
}

export interface BroadcastResult {
  id: string;
  total: number;
  counts: Record<string, number>;
  seconds: number;
  perSecond: number;
  cpu: Omit<CpuLine, 'what'>;
}

/** Sends one message to everybody in the tenant, over HTTP, and waits for the end of it. */
export async function runBroadcast(
  stack: Stack,
  http: HttpCaller,
  tenant: { key: string; channels: ChannelName[]; name: string },
): Promise<BroadcastResult> {
  const id = await startBroadcast(http, tenant);
  const before = cpuTimes(stack.children.processes);
  const beganMs = performance.now();
  const end = await broadcastEnd(stack, http, tenant.key, id);
  const elapsedMs = performance.now() - beganMs;
  const { used, strangers } = cpuUsed(before, cpuTimes(stack.children.processes), elapsedMs);
  const seconds = (Date.parse(end.finishedAt) - Date.parse(end.startedAt)) / 1000;
  const perSecond = end.total / seconds;
  const cpuMs = Object.fromEntries(Object.entries(used).map(([name, ms]) => [name, ms / end.total]));
  return {
    id,
    total: end.total,
    counts: end.counts,
    seconds,
    perSecond,
    cpu: { perSecond, cpuMs, strangers },
  };
}

/** What is asked of the API: a message of a usual size to everybody in the tenant. */
export function requestToEverybody({ channels, name }: { channels: ChannelName[]; name: string }) {
  return {
    name,
    type: 'contract_updated',
    data: {
      contract: { id: 'c-2041', title: 'Framework agreement with Acme Industries' },
      actor: { id: 'u-7', name: 'Ann Smith' },
      changes: 'The notice period is three months now.',
    },
    actionUrl: 'https://app.example.com/contracts/c-2041',
    channels,
    audience: { everyone: true },
  };
}

/** The ID of a broadcast to everybody in the tenant. */
export async function startBroadcast(
  http: HttpCaller,
  tenant: { key: string; channels: ChannelName[]; name: string },
): Promise<string> {
  const body = requestToEverybody(tenant);
  const answer = await http.call('POST', '/v1/broadcasts', { token: tenant.key, body, expected: 202 });
  return (JSON.parse(answer) as { id: string }).id;
}

interface End {
  status: string;
  total: number;
  counts: Record<string, number>;
  startedAt: string;
  finishedAt: string;
}

/** Looks at the broadcast's row: asking the API would count its notifications each time. */
export async function broadcastEnd(stack: Stack, http: HttpCaller, key: string, id: string): Promise<End> {
  const rows = stack.api.mongo.collection('broadcasts');
  for (;;) {
    await pause(50);
    const row = await rows.findOne({ id }, { projection: { status: 1 } });
    if (row?.status === 'failed' || row?.status === 'cancelled')
      throw new Error(`the broadcast ${String(row.status)}`);
    if (row?.status === 'completed') break;
  }
  return JSON.parse(await http.call('GET', `/v1/broadcasts/${id}`, { token: key, expected: 200 })) as End;
}
