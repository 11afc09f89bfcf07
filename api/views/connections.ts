import { z } from 'zod';
import type { SocketReport, TenantSockets } from '../../models/socket-reports.js';
import type { Config } from '../../runtime/config.js';

const counted = {
  sockets: z.number().int(),
  websocket: z.number().int(),
  polling: z.number().int(),
  persons: z.number().int().describe('who is connected to two processes counts at both'),
  refused: z
    .record(z.string(), z.number().int())
    .describe(
      'refused or sent away since the process began, by the reason: a code of the error table, flood, slow',
    ),
};
const lag = z.number().int().describe('how long the last change took from MongoDB to the process');

export const connectionsView = z.object({
  ...counted,
  limits: z
    .object({ perPerson: z.number().int(), perTenant: z.number().int() })
    .describe('sockets that one process takes'),
  processes: z.array(
    z.object({
      id: z.string(),
      name: z.string().nullable().describe('host and process ID; for operators only'),
      startedAt: z.iso.datetime(),
      at: z.iso.datetime(),
      ...counted,
      streamLagMs: lag,
    }),
  ),
});

/** Of one tenant, or of all. */
export function showConnections(
  reports: readonly SocketReport[],
  tenantId: string | undefined,
  limits: Pick<Config, 'CARILLON_SOCKETS_PER_PERSON' | 'CARILLON_SOCKETS_PER_TENANT'>,
): z.infer<typeof connectionsView> {
  const chosen = reports.map((report) => ({
    report,
    tenants: (report.tenants ?? []).filter((one) => tenantId === undefined || one.tenantId === tenantId),
  }));
  return {
    ...summed(chosen.flatMap(({ tenants }) => tenants)),
    limits: {
      perPerson: limits.CARILLON_SOCKETS_PER_PERSON,
      perTenant: limits.CARILLON_SOCKETS_PER_TENANT,
    },
    processes: chosen.map(({ report, tenants }) => ({
      id: report._id,
      name: tenantId === undefined ? report.name : null,
      startedAt: report.startedAt.toISOString(),
      at: report.at.toISOString(),
      ...summed(tenants),
      streamLagMs: Math.round(report.streamLagMs),
    })),
  };
}

function summed(tenants: readonly TenantSockets[]) {
  const sum = (of: (tenant: TenantSockets) => number) => tenants.reduce((total, one) => total + of(one), 0);
  const refused: Record<string, number> = {};
  for (const tenant of tenants)
    for (const [reason, count] of Object.entries(tenant.refused))
      refused[reason] = (refused[reason] ?? 0) + count;
  return {
    sockets: sum((one) => one.websocket + one.polling),
    websocket: sum((one) => one.websocket),
    polling: sum((one) => one.polling),
    persons: sum((one) => one.persons),
    refused,
  };
}
