import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPerson, notify } from '../support/runs.js';
import { startFakeHooks, type FakeHooks } from '../support/fake-hooks.js';
import { startFakeSlack, type FakeSlack } from '../support/fake-slack.js';
import { startChecked, type CheckedEngine } from '../unit/api-checked.js';

/* From the trigger through the worker to doubles of Slack, Teams and a receiver, with the tenant's own credentials. */

const secret = `whsec_${randomBytes(32).toString('base64')}`;
let engine: CheckedEngine;
let slack: FakeSlack;
let hooks: FakeHooks;

beforeAll(async () => {
  slack = await startFakeSlack();
  hooks = await startFakeHooks();
  hooks.secrets = [secret];
  const endpoints = [`slack/slack=${slack.endpoint}`, `slack/incoming-webhook=${hooks.url}`];
  engine = await startChecked({
    env: {
      CARILLON_ALLOW_PRIVATE_ADDRESSES: 'true',
      CARILLON_PROVIDER_ENDPOINTS: endpoints.join(','),
    },
  });
  await store('slack/providers/slack', { token: slack.token });
  await store('slack/providers/incoming-webhook', { url: hooks.slackHook });
  await store('teams/providers/workflow', { url: hooks.workflow });
  await store('webhook/providers/standard', { secret });
  const channelDefaults = { slack: true, teams: true, webhook: true };
  expect((await engine.call('PATCH', '/v1/tenant', { channelDefaults })).status).toBe(200);
});
afterAll(async () => {
  await engine.stop();
  await hooks.close();
  await slack.close();
});
beforeEach(() => {
  slack.behave();
  hooks.behave();
  for (const list of [slack.posted, hooks.slack, hooks.cards, hooks.received]) list.length = 0;
});

async function store(path: string, credentials: unknown): Promise<void> {
  const answer = await engine.call('PUT', `/v1/tenant/channels/${path}`, { credentials });
  expect(answer.status).toBe(201);
}

/** Tells somebody new, who is on Slack by their address and has a receiver of their own unless told otherwise. */
async function send(channels: string[], places: object = { webhookUrl: hooks.receiver }) {
  const person = await addPerson(engine);
  slack.users.set(person.email, 'U02BOB');
  await engine.call('PATCH', `/v1/subscribers/${person.id}`, places);
  const run = await notify(engine, person, {
    channels,
    data: { contract: { title: 'NDA <!channel> & co' }, requester: 'Ann' },
    actionUrl: 'https://app.example/contracts/1',
    actions: [{ label: 'Approve', url: 'https://app.example/contracts/1/approve' }],
  });
  await run.handle.result();
  return { person, view: await run.view() };
}

describe('a notification', () => {
  it('goes to Slack, Teams and the person’s own receiver, each in its way', async () => {
    const { person, view } = await send(['slack', 'teams', 'webhook']);
    expect(view).toMatchObject({ status: 'sent', type: 'approval_request' });
    expect(slack.posted).toMatchObject([
      {
        channel: 'D02BOB',
        blocks: [
          { type: 'section', text: { text: expect.stringContaining('&lt;!channel&gt; &amp; co') as string } },
          { type: 'actions', elements: [{ text: { text: 'Approve' } }, { text: { text: 'Open' } }] },
        ],
      },
    ]);
    expect(hooks.cards).toMatchObject([
      { actions: [{ title: 'Approve' }, { title: 'Open', url: 'https://app.example/contracts/1' }] },
    ]);
    expect(hooks.received).toMatchObject([
      {
        payload: {
          type: 'approval_request',
          data: {
            id: view.id as string,
            recipient: person.id,
            body: { title: expect.any(String) as string },
          },
        },
      },
    ]);
    const receiver = `${new URL(hooks.receiver).origin}/•••`;
    const targets = (view.deliveries as { channel: string; target: string }[]).map((d) => [
      d.channel,
      d.target,
    ]);
    expect(new Map(targets as [string, string][]).get('webhook')).toBe(receiver);
  });

  it('goes through the incoming webhook where the bot’s token is no good any more', async () => {
    slack.behave({ body: JSON.stringify({ ok: false, error: 'token_revoked' }) });
    const { view } = await send(['slack']);
    expect(hooks.slack).toHaveLength(1);
    expect(view.deliveries).toMatchObject([
      {
        status: 'sent',
        provider: 'incoming-webhook',
        attempts: [{ provider: 'slack', failureReason: 'auth_error' }, { provider: 'incoming-webhook' }],
      },
    ]);
  });

  it('leaves webhooks out of the plan for whom no URL is known', async () => {
    const { view } = await send(['slack', 'webhook'], {});
    expect(view.plan.channels.webhook).toEqual({ action: 'skip', reason: 'no_address' });
    expect(hooks.received).toEqual([]);
  });

  it('leaves nothing readable of where it went in the database', async () => {
    await send(['slack', 'teams', 'webhook'], { webhookUrl: hooks.receiver, slackUserId: 'U02BOB' });
    const collections = await engine.mongo.db?.listCollections().toArray();
    const rows = await Promise.all(
      (collections ?? []).map(({ name }) => engine.mongo.collection(name).find().toArray()),
    );
    expect(JSON.stringify(rows)).not.toMatch(/U02BOB|SECRET|SIGNATURE|xoxb|whsec_/);
  });
});

describe('what a tenant has set up', () => {
  it.each([
    'slack/providers/slack',
    'slack/providers/incoming-webhook',
    'teams/providers/workflow',
    'webhook/providers/standard',
  ])('can be verified: %s', async (path) => {
    const answer = await engine.call<{ ok: boolean }>('POST', `/v1/tenant/channels/${path}/verify`, {});
    expect(answer).toMatchObject({ status: 200, body: { ok: true } });
  });

  it('is read back without what posts', async () => {
    const { body } = await engine.call<object>('GET', '/v1/tenant/channels');
    expect(JSON.stringify(body)).not.toMatch(/SECRET|SIGNATURE|xoxb|whsec_/);
  });

  it('is taken back from Slack when it is read in the inbox while an escalation waits', async () => {
    const person = await addPerson(engine);
    slack.users.set(person.email, 'U02BOB');
    const run = await notify(engine, person, {
      channels: ['in_app', 'slack'],
      escalation: [{ after: 'PT15M', channel: 'email' }],
    });
    await run.untilEvent('TIMER_STARTED');
    expect(slack.posted).toHaveLength(1);
    const { body } = await engine.call<{ token: string }>('POST', `/v1/subscribers/${person.id}/token`);
    await engine.call('POST', `/v1/me/inbox/${run.id}/read`, undefined, { token: body.token });
    await run.handle.result();
    expect(slack.posted).toEqual([]);
    const { status, timeline } = await run.view();
    expect(status).toBe('sent');
    expect(timeline).toContainEqual(expect.objectContaining({ event: 'taken_back', detail: 'slack' }));
    expect(person.mails()).toEqual([]);
  });
});
