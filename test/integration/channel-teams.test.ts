import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { teamsWorkflowChannel, teamsWorkflowCredentials } from '../../channels/teams/workflow.js';
import { teamsMessage } from '../support/chat-messages.js';
import { startFakeHooks, type FakeHooks } from '../support/fake-hooks.js';
import { failureOf, sendContext, visibleText } from '../support/smtp-sending.js';

let hooks: FakeHooks;
const channel = teamsWorkflowChannel();
beforeAll(async () => {
  hooks = await startFakeHooks();
});
afterAll(() => hooks.close());
beforeEach(() => {
  hooks.behave();
  hooks.cards.length = 0;
});

const credentials = (url = hooks.workflow) => teamsWorkflowCredentials.parse({ url });
const send = (changes = {}) => channel.send(teamsMessage(changes), credentials(), sendContext());
const code = (name: string) => JSON.stringify({ error: { code: name, message: 'no' } });

describe('a message to Teams', () => {
  it('is a card with title, lines, image and buttons', async () => {
    const receipt = await send({ imageUrl: 'https://app.example/seven.png' });
    expect(receipt).toEqual({ providerMessageId: 'run-1', providerResponse: '202' });
    const help = 'https://help.example/contracts';
    expect(hooks.cards).toMatchObject([
      {
        body: [
          { type: 'RichTextBlock', inlines: [{ text: 'Approval asked for', weight: 'Bolder' }] },
          { type: 'RichTextBlock', inlines: [{ text: 'Please look at *contract 7*.' }] },
          {
            type: 'RichTextBlock',
            spacing: 'Medium',
            inlines: [{ text: 'See ' }, { text: help, selectAction: { url: help } }, { text: '.' }],
          },
          { type: 'Image', url: 'https://app.example/seven.png', altText: 'Approval asked for' },
        ],
        actions: [
          { title: 'Approve', url: 'https://app.example/contracts/7?approve' },
          { title: 'Ouvrir', url: 'https://app.example/contracts/7' },
        ],
      },
    ]);
  });

  it('may be a title alone', async () => {
    await send({ text: '', link: undefined, actions: [] });
    expect(hooks.cards).toMatchObject([{ body: [{ inlines: [{ text: 'Approval asked for' }] }] }]);
    expect(hooks.cards[0]).not.toHaveProperty('actions');
  });

  it('is refused before it is sent where it says nothing, or its card is larger than 28 KB', () => {
    const refused = (changes: object) => expect(() => channel.check(teamsMessage(changes)));
    refused({ title: ' ', text: '\n' }).toThrow(expect.objectContaining({ reason: 'content_error' }));
    refused({ text: 'ab cd '.repeat(1500) }).not.toThrow();
    refused({ text: '€'.repeat(10_000) }).toThrow(
      expect.objectContaining({
        reason: 'content_error',
        providerResponse: expect.stringContaining('28672') as string,
      }),
    );
  });

  it.each([
    [200, '', undefined],
    [204, '', undefined],
    [400, code('TriggerInputSchemaMismatch'), 'content_error'],
    [400, code('WorkflowTriggerIsNotEnabled'), 'auth_error'],
    [401, code('DirectApiAuthorizationRequired'), 'auth_error'],
    [403, '', 'auth_error'],
    [404, code('WorkflowNotFound'), 'auth_error'],
    [404, '', 'auth_error'],
    [410, '', 'auth_error'],
    [413, '', 'content_error'],
    [302, '', 'auth_error'],
    [408, '', 'provider_error'],
    [429, code('WorkflowTriggerRequestsThrottled'), 'rate_limited'],
    [500, '', 'provider_error'],
    [502, code('NoResponse'), 'provider_error'],
    [503, '', 'provider_error'],
  ])('that is answered %d %s ends as it should', async (status, body, reason) => {
    hooks.behave({ status, ...(status === 204 ? {} : { body }), headers: { 'retry-after': '11' } });
    if (reason === undefined) {
      expect(await send()).toEqual({ providerResponse: String(status) });
    } else {
      expect(await failureOf(send())).toMatchObject({
        reason,
        retryAfterMs: 11_000,
        providerDown: status >= 500,
      });
    }
  });

  it('is a network error where nobody answers, or it is ended', async () => {
    hooks.behave('drop');
    expect(await failureOf(send())).toMatchObject({ reason: 'network_error', providerDown: true });
    const end = new AbortController();
    hooks.behave('hang');
    const arrived = hooks.nextRequest();
    const failing = failureOf(
      channel.send(teamsMessage(), credentials(), sendContext({ signal: end.signal })),
    );
    await arrived;
    end.abort();
    expect(await failing).toMatchObject({ reason: 'network_error', providerDown: false });
  });

  it('says nothing of the URL or of the text in its failure', async () => {
    hooks.behave({ status: 400, body: `${hooks.workflow} workflowSIGNATURE1234567890 Approval asked for` });
    expect(visibleText(await failureOf(send()))).not.toMatch(/SIGNATURE|Approval/);
  });
});

describe('verifying a workflow', () => {
  it('starts no run', async () => {
    await channel.verify(credentials(), sendContext());
    expect(hooks.cards).toEqual([]);
    expect(hooks.requests.at(-1)).toMatchObject({ method: 'GET' });
  });

  it('says that its signature is not the right one', async () => {
    const wrong = credentials(hooks.workflow.replace(/sig=.*/, 'sig=other'));
    expect((await failureOf(channel.verify(wrong, sendContext()))).reason).toBe('auth_error');
  });

  it.each([
    [404, code('WorkflowNotFound'), 'auth_error'],
    [400, code('WorkflowTriggerIsNotEnabled'), 'auth_error'],
    [302, '', 'auth_error'],
    [503, '', 'provider_error'],
  ])('fails where it is answered %d %s', async (status, body, reason) => {
    hooks.behave({ status, body });
    expect((await failureOf(channel.verify(credentials(), sendContext()))).reason).toBe(reason);
  });

  it('says where nobody answers', async () => {
    hooks.behave('drop');
    expect((await failureOf(channel.verify(credentials(), sendContext()))).reason).toBe('network_error');
  });
});
