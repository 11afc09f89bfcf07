import { z } from 'zod';
import { sourcesOf } from '../../contracts/audience.js';
import { systemMessage, type SystemMessage } from '../../contracts/system-messages.js';
import { audienceOf, EVERYONE } from '../../models/system-messages.js';
import { mayReach } from '../../commands/broadcasts/make.js';
import { ownReport } from '../realtime/reports.js';
import { realtimeSettings } from '../realtime/settings.js';
import type { ApiDependencies } from '../dependencies.js';
import { route } from '../route.js';
import { showSystemStats, systemStatsView } from '../views/system-stats.js';
import { connectionsView, showConnections } from '../views/connections.js';

const tag = 'system';

const send = route({
  method: 'post',
  path: '/v1/system/messages',
  tag,
  summary: 'Say something to those who have their inbox open; kept for an hour for who comes back',
  access: 'sender',
  audit: 'system.message_sent',
  body: systemMessage,
  answers: { 202: { description: 'on its way', schema: z.object({ id: z.string() }) } },
  async handle({ tenantId, body, may }, { models }) {
    const { roles, topics, everyone } = sourcesOf(body.to);
    mayReach({ list: false, roles, topics, everyone }, { may });
    const recipients = recipientsOf(body.to);
    const audiences = [
      ...recipients.map((id) => audienceOf('person', id)),
      ...roles.map((name) => audienceOf('role', name)),
      ...topics.map((name) => audienceOf('topic', name)),
      ...(everyone ? [EVERYONE] : []),
    ];
    const { message: text, severity: level } = body;
    const id = await models.systemMessages.insert(tenantId, { audiences, text, level });
    const after = { recipients: recipients.length, roles, topics, everyone, severity: level };
    return { status: 202, body: { id }, audited: { subject: id, after } };
  },
});

function recipientsOf({ recipient, recipients = [] }: SystemMessage['to']): string[] {
  return [...new Set([...(recipient === undefined ? [] : [recipient]), ...recipients])];
}

const connections = route({
  method: 'get',
  path: '/v1/system/connections',
  tag,
  summary:
    'Who has an inbox open, by process: of the tenant for its admin, of all tenants for an operator who names none',
  access: 'operator',
  answers: { 200: { description: 'the figures', schema: connectionsView } },
  async handle({ tenantId }, deps) {
    return { status: 200, body: await connectionsOf(deps, tenantId || undefined) };
  },
});

async function connectionsOf(
  { models, live, config }: Pick<ApiDependencies, 'models' | 'live' | 'config'>,
  tenantId: string | undefined,
) {
  const own = ownReport(live, realtimeSettings.reportMs);
  const stored = await models.socketReports.current(tenantId, own.at);
  const reports = [own, ...stored.filter(({ _id }) => _id !== own._id)];
  return showConnections(reports, tenantId, config);
}

const stats = route({
  method: 'get',
  path: '/v1/system/stats',
  tag,
  summary:
    'Queues, workers, sockets, what waits, and what housekeeping removed; queues and workers as they were 15 seconds ago at most',
  access: 'operator',
  answers: { 200: { description: 'the figures', schema: systemStatsView } },
  async handle({ tenantId }, deps) {
    const { models, figures } = deps;
    const isOperator = tenantId === '';
    const [waiting, queues, connected, housekeeping] = await Promise.all([
      isOperator ? figures.waiting() : models.waitingCounts.of(tenantId),
      figures.queues(),
      connectionsOf(deps, tenantId || undefined),
      isOperator ? figures.housekeeping() : undefined,
    ]);
    const body = showSystemStats({ waiting, queues, connections: connected, housekeeping }, isOperator);
    return { status: 200, body };
  },
});

export const systemRoutes = [send, connections, stats];
