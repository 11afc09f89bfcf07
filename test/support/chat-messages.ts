import type { SlackMessage, TeamsMessage, WebhookMessage } from '../../contracts/messages.js';

export function slackMessage(changes: Partial<SlackMessage> = {}): SlackMessage {
  return {
    channel: 'slack',
    to: 'U01ANN',
    text: 'Approval asked for\nPlease look at contract 7.\nhttps://app.example/contracts/7',
    link: 'https://app.example/contracts/7',
    linkLabel: 'Ouvrir',
    actions: [{ label: 'Approve', url: 'https://app.example/contracts/7?approve' }],
    ...changes,
  };
}

export function teamsMessage(changes: Partial<TeamsMessage> = {}): TeamsMessage {
  return {
    channel: 'teams',
    to: 'workflow',
    title: 'Approval asked for',
    text: 'Please look at *contract 7*.\n\nSee https://help.example/contracts.\nhttps://app.example/contracts/7',
    link: 'https://app.example/contracts/7',
    linkLabel: 'Ouvrir',
    actions: [{ label: 'Approve', url: 'https://app.example/contracts/7?approve' }],
    ...changes,
  };
}

export function webhookMessage(changes: Partial<WebhookMessage> = {}): WebhookMessage {
  return {
    channel: 'webhook',
    to: 'https://receiver.example/in',
    id: 'ntf_1',
    type: 'approval_request',
    createdAt: '2026-11-21T12:00:00.000Z',
    recipient: 'u-42',
    body: { title: 'Approval asked for', amount: 12, nested: { lines: ['one “quoted”', 'two'] } },
    ...changes,
  };
}
