import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { incomingWebhookCredentials } from '../../channels/slack/incoming-webhook.js';
import { neededScopes, slackCredentials } from '../../channels/slack/slack-credentials.js';
import { slackChannel } from '../../channels/slack/slack.js';
import { teamsWorkflowCredentials } from '../../channels/teams/workflow.js';
import { standardWebhookChannel } from '../../channels/webhook/standard.js';
import { webhookCredentials } from '../../channels/webhook/webhook-credentials.js';

const secretOf = (bytes: number) => `whsec_${randomBytes(bytes).toString('base64')}`;

describe('credentials of a Slack bot', () => {
  it('are a token, and look people up by their address unless told otherwise', () => {
    const read = slackCredentials.parse({ token: 'xoxb-1-abc', channel: '#alerts' });
    expect(read).toEqual({ token: 'xoxb-1-abc', channel: '#alerts', lookupByEmail: true });
    expect(slackCredentials.parse(read)).toEqual(read);
    expect(neededScopes(read)).toEqual(['chat:write', 'users:read.email']);
    expect(neededScopes({ ...read, lookupByEmail: false })).toEqual(['chat:write']);
  });

  it.each([
    { token: 'xoxp-secretsecret' },
    { token: 'xoxb-1 secretsecret' },
    { token: 'xoxb-1', channel: 'secret secret' },
    { token: 'xoxb-1', channel: '@secretsecret' },
    { token: 'xoxb-1', secretsecret: true },
    'xoxb-secretsecret',
  ])('are refused where they are not, without a word of them', (given) => {
    const { error } = slackCredentials.safeParse(given);
    expect(error).toBeDefined();
    expect(JSON.stringify(error?.issues.map(({ message }) => message))).not.toMatch(/xoxb-1|xox.-secret/);
  });

  it('tell where somebody is reached: the ID, else the address, else the channel', () => {
    const slack = slackChannel();
    const ann = {
      id: 'u-1',
      hasInbox: true,
      pushTokens: [],
      email: 'ann@example.com',
      slackUserId: 'U01ANN',
    };
    const credentials = slackCredentials.parse({ token: 'xoxb-1', channel: '#alerts' });
    expect(slack.targetOf(ann, credentials)).toBe('U01ANN');
    expect(slack.targetOf({ ...ann, slackUserId: undefined }, credentials)).toBe('ann@example.com');
    const nobody = { ...ann, slackUserId: undefined, email: undefined };
    expect(slack.targetOf(nobody, credentials)).toBe('#alerts');
    expect(slack.targetOf(nobody, { ...credentials, channel: undefined })).toBeUndefined();
    expect(slack.targetOf({ ...ann, slackUserId: undefined }, { ...credentials, lookupByEmail: false })).toBe(
      '#alerts',
    );
  });
});

describe('credentials of an incoming webhook', () => {
  it('are a URL at Slack', () => {
    const url = 'https://hooks.slack.com/services/T01/B01/abcDEF';
    expect(incomingWebhookCredentials.parse({ url })).toEqual({ url });
  });

  it.each([
    'http://hooks.slack.com/services/T01/B01/abc',
    'https://hooks.slack.com.evil.example/services/T01/B01/abc',
    'https://evil.example/services/T01/B01/abc',
    'https://ann@hooks.slack.com/services/T01/B01/abc',
    'https://hooks.slack.com:8443/services/T01/B01/abc',
    'https://hooks.slack.com/services/../../x',
    'https://hooks.slack.com/services/T01/B01/abc?x=1',
  ])('are nowhere else: %s', (url) => {
    expect(incomingWebhookCredentials.safeParse({ url }).success).toBe(false);
  });
});

describe('credentials of a Teams workflow', () => {
  it.each([
    'https://prod-1.westeurope.logic.azure.com:443/workflows/abc/triggers/manual/paths/invoke?sig=x',
    'https://default1.2.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/x',
  ])('are a URL: %s', (url) => {
    expect(teamsWorkflowCredentials.parse({ url })).toEqual({ url });
  });

  it('are no retired connector', () => {
    const { error } = teamsWorkflowCredentials.safeParse({
      url: 'https://acme.webhook.office.com/webhookb2/x',
    });
    expect(error?.issues[0]?.message).toContain('create a workflow instead');
  });

  it.each(['http://logic.example.com/x', 'nonsense', ''])('are not %j', (url) => {
    expect(teamsWorkflowCredentials.safeParse({ url }).success).toBe(false);
  });
});

describe('credentials of webhooks', () => {
  it('are one secret, or several during a rotation, and a URL for those who have none', () => {
    const [now, before] = [secretOf(24), secretOf(64)];
    expect(webhookCredentials.parse({ secret: now })).toEqual({ secrets: [now] });
    const read = webhookCredentials.parse({ url: 'https://a.example/in', secrets: [now, before] });
    expect(read).toEqual({ url: 'https://a.example/in', secrets: [now, before] });
    expect(webhookCredentials.parse(read)).toEqual(read);
  });

  it.each([
    ['no secret', {}],
    ['both ways at once', { secret: secretOf(32), secrets: [secretOf(32)] }],
    ['none in the list', { secrets: [] }],
    ['23 bytes', { secret: secretOf(23) }],
    ['65 bytes', { secret: secretOf(65) }],
    ['no prefix', { secret: randomBytes(32).toString('base64') }],
    ['no base64', { secret: 'whsec_this is not base64 at all, not at all!' }],
    ['a URL in the clear', { secret: secretOf(32), url: 'http://hooks.example.com/in' }],
  ])('are refused with %s', (_what, given) => {
    expect(webhookCredentials.safeParse(given).success).toBe(false);
  });

  it('tell where somebody is reached: the own URL, else the tenant’s', () => {
    const webhook = standardWebhookChannel();
    const credentials = { url: 'https://tenant.example/in', secrets: [secretOf(32)] };
    const ann = { id: 'u-1', hasInbox: true, pushTokens: [], webhookUrl: 'https://ann.example/in' };
    expect(webhook.targetOf(ann, credentials)).toBe('https://ann.example/in');
    expect(webhook.targetOf({ ...ann, webhookUrl: undefined }, credentials)).toBe(
      'https://tenant.example/in',
    );
    expect(
      webhook.targetOf({ ...ann, webhookUrl: undefined }, { secrets: credentials.secrets }),
    ).toBeUndefined();
  });
});
