import { expect } from 'vitest';
import { digestWorkflowId, notificationWorkflowId, reminderWorkflowId } from '../../contracts/ids.js';
import {
  accept,
  asPerson,
  ended,
  inSeconds,
  plan,
  reached,
  type CheckedEngine,
} from '../unit/api-checked.js';

/** A person of whom something stands in every collection that can hold something of people. */
export interface Planted {
  id: string;
  email: string;
  name: string;
  /** By any of which the person could be known. */
  words: string[];
  token: string;
  /** Runs about the person: that have ended, and that wait. */
  workflowIds: string[];
  scheduleId: string;
}

const DAY = 86_400;

/** Plants one, through the API wherever it has a way. */
export async function everywhere(engine: CheckedEngine): Promise<Planted> {
  const { tenantId, models } = engine;
  const mark = Math.random().toString(36).slice(2, 10);
  const id = `u-${mark}`;
  const email = `zoe-${mark}@example.com`;
  const name = `Zoe-${mark}`;
  const phone = `+336${(Date.now() % 100_000_000).toString().padStart(8, '0')}`;
  const path = `/v1/subscribers/${id}`;
  const ok = async (...call: Parameters<CheckedEngine['call']>) => {
    const answer = await engine.call<{ id: string; token: string }>(...call);
    expect(answer.status, `${call[0]} ${call[1]}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
    return answer.body;
  };

  await ok('PUT', path, {
    email,
    phone,
    attributes: { name },
    roles: ['editor'],
    pushTokens: [`push-${mark}`],
    slackUserId: `U${mark}`,
  });
  await ok('POST', `${path}/tokens/revoke`);
  const { token } = await ok('POST', `${path}/token`, {});
  await ok('PATCH', `${path}/preferences`, { categories: { marketing: false } });
  await ok('POST', '/v1/subscribers/preferences', { recipients: [id], change: { digestAt: '10:00' } });
  await ok('PUT', `/v1/topics/t-${mark}/members`, { add: [id] });
  await ok('PATCH', '/v1/tenant', { alerts: { recipients: [id] } });
  const hello = (more: object = {}) => ({
    type: 'direct',
    to: { recipient: id },
    content: { email: { subject: name, text: `Dear ${name}` }, in_app: { title: name, message: name } },
    data: { name },
    ...more,
  });
  const file = { filename: 'a.txt', content: Buffer.from(name).toString('base64') };
  const sent = await accept(engine, hello({ attachments: [file] }));
  await ended(engine, sent);
  await asPerson(engine, token)('POST', `/v1/me/inbox/${sent}/read`);
  await ok('PATCH', `/v1/notifications/${sent}/in-app`, { title: `${name}, corrected` });
  const toAddress = await accept(engine, hello({ to: { recipient: { email } }, channels: ['email'] }));
  const bareId = (await ended(engine, toAddress)).recipient;
  await models.insights.learn(
    tenantId,
    new Map([[id, [{ key: 'k', atMs: Date.now(), hour: 9, channel: 'email', weight: 1 }]]]),
  );
  const held = await plan(engine, hello({ sendAt: inSeconds(DAY) }));
  const collected = await accept(engine, hello({ channels: ['email'], digestKey: 'news' }));
  await reached(engine, collected, 'digesting');
  await ok('POST', '/v1/reminders', {
    key: `contract-${mark}`,
    dueAt: inSeconds(40 * DAY),
    offsets: ['P30D'],
    notification: { type: 'contract_expiring', to: { recipient: id }, data: { contract: { title: name } } },
  });
  await ok('POST', '/v1/broadcasts', {
    name: 'News',
    type: 'system',
    content: { in_app: { title: 'News', message: 'News' } },
    audience: { recipients: [{ id, data: { name } }, 'u-somebody'] },
    sendAt: inSeconds(DAY),
  });
  await ok('POST', '/v1/suppressions', { channel: 'email', address: email, reason: 'manual' });
  const trigger = { type: 'contract_expiring', to: { recipient: id }, data: { contract: { title: name } } };
  const { id: scheduleId } = await ok('POST', '/v1/schedules', { cron: '0 9 1 1 *', trigger });
  await ok('POST', '/v1/schedules', {
    cron: '0 9 1 1 *',
    trigger: { type: 'contract_expiring', to: { recipients: [id, 'u-somebody'] } },
  });
  await ok('PUT', '/v1/event-sources/orders', { verification: { kind: 'none' } });
  await ok('POST', '/v1/event-rules', {
    name: 'Orders',
    sources: ['orders'],
    then: {
      do: 'trigger',
      notification: {
        type: 'system',
        to: { recipient: { id: '{{ who }}' } },
        data: { title: 'x', message: 'y' },
      },
    },
  });
  await ok('POST', '/v1/events/orders', { id: mark, who: id, name });
  await ok('POST', '/v1/system/messages', { to: { recipient: id }, message: `Hello ${name}` });
  await ok('POST', '/v1/deliveries/redrive', { filter: { recipient: id } });
  await models.outboundEvents.insert([
    {
      _id: `${tenantId}/evt_${mark}`,
      tenantId,
      id: `evt_${mark}`,
      type: 'notification.sent',
      at: new Date(),
      sequence: 1,
      subject: sent,
      recipientId: id,
      data: JSON.stringify({ recipient: id }),
      pending: [],
      purgeAt: new Date(Date.now() + 60_000),
    },
  ]);
  await ok('POST', '/v1/templates/system/sms/en/versions', { source: { text: 'Hello' } });
  await ok('POST', '/v1/templates/system/sms/en/publish', { version: 1 });
  await asAuthor(engine, id);

  const digest = digestWorkflowId({ tenantId, recipientId: id, digestKey: 'news' });
  return {
    id,
    email,
    name,
    words: [id, email, name, phone, `push-${mark}`, bareId],
    token,
    workflowIds: [
      ...[sent, toAddress, held, collected].map((one) => notificationWorkflowId(tenantId, one)),
      digest,
      reminderWorkflowId({ tenantId, key: `contract-${mark}` }),
    ],
    scheduleId,
  };
}

/** As if the person, an administrator by their provider's word, had made all of it. */
async function asAuthor({ mongo, tenantId }: CheckedEngine, id: string): Promise<void> {
  const actor = `person:${id}`;
  const made = ['broadcasts', 'redrives', 'schedules', 'templateVersions'];
  for (const name of made)
    await mongo.collection(name).updateMany({ tenantId }, { $set: { createdBy: actor } });
  await mongo.collection('templates').updateMany({ tenantId }, { $set: { 'published.by': actor } });
  await mongo.collection('audit').updateMany({ tenantId }, { $set: { actor } });
  await mongo.collection<{ _id: string }>('webhookReplays').insertOne({
    _id: `${tenantId}/rpl_1`,
    ...{ tenantId, id: 'rpl_1', endpointId: 'whk_1', status: 'completed', createdBy: actor },
    ...{ from: new Date(), to: new Date(), types: [], counts: { total: 0, delivered: 0, failed: 0 } },
    ...{ createdAt: new Date(), purgeAt: new Date(Date.now() + 60_000) },
  });
}
