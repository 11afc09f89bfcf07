import { z } from 'zod';
import type { FailureReason } from '../../contracts/errors.js';
import type { TeamsMessage } from '../../contracts/messages.js';
import { webhookUrl } from '../../contracts/webhook-url.js';
import {
  ChannelError,
  type CallContext,
  type Receipt,
  type SendContext,
  type SendingChannel,
} from '../channel.js';
import { echoedWords } from '../echoed.js';
import { call, httpFailure, reasonOfStatus, type HttpAnswer } from '../http-failure.js';
import { workflowPayload } from './adaptive-card.js';

export interface TeamsWorkflowCredentials {
  /** The URL of a workflow's webhook trigger, its signature included: whoever knows it may post. */
  url: string;
}

/**
 * Any host: Microsoft has moved these URLs once already, from `logic.azure.com` to `api.powerplatform.com`. The
 * connectors that came before workflows are retired.
 */
export const teamsWorkflowCredentials: z.ZodType<TeamsWorkflowCredentials> = z.strictObject({
  url: webhookUrl.refine(
    (url) => !(URL.canParse(url) && new URL(url).hostname.endsWith('.webhook.office.com')),
    'is of a retired Microsoft 365 connector: create a workflow instead',
  ),
});

/** Teams takes messages of up to 28 KB: learn.microsoft.com, "Limits and specifications for Microsoft Teams". */
export const MAX_CARD_BYTES = 28 * 1024;

/** All go to the chat or channel that the workflow posts to. */
const TARGET = 'workflow';

/** The workflow is switched off, gone, or its signature is another now; Power Automate says so with several statuses. */
const UNUSABLE =
  /"(Workflow(Trigger)?(IsNotEnabled|NotFound|NotEnabled)|WorkflowNotActive|TriggerNotFound|(DirectApi)?Authorization\w*|InvalidSignature\w*)"/i;

/**
 * Posts a card through a Power Automate workflow. At least once: the trigger takes no key that would tell a repetition.
 * A workflow answers 202 before it posts: that the card then appears is only seen in its run history.
 */
export function teamsWorkflowChannel(): SendingChannel<TeamsMessage, TeamsWorkflowCredentials> {
  return {
    channel: 'teams',
    provider: 'workflow',
    delivery: 'sent',
    credentials: teamsWorkflowCredentials,
    shown: [],
    targetOf: () => TARGET,
    check: (message) => void checkedCard(message),
    verify,
    send,
    close: () => Promise.resolve(),
  };
}

function checkedCard(message: TeamsMessage): string {
  const refuse = (wrong: string) =>
    new ChannelError('content_error', { providerResponse: `not sent: ${wrong}` });
  if (message.title.trim() === '' && message.text.trim() === '') throw refuse('there is no text');
  const card = JSON.stringify(workflowPayload(message));
  const bytes = Buffer.byteLength(card);
  if (bytes > MAX_CARD_BYTES) throw refuse(`the card is ${bytes} bytes, more than ${MAX_CARD_BYTES}`);
  return card;
}

async function send(
  message: TeamsMessage,
  { url }: TeamsWorkflowCredentials,
  context: SendContext,
): Promise<Receipt> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: checkedCard(message),
  };
  const answer = await call(context.network, url, init, context);
  if (answer.status < 200 || answer.status >= 300) throw workflowFailure(answer, message, url);
  // Names the run in the workflow's history.
  const run = answer.headers.get('x-ms-workflow-run-id');
  return { providerResponse: String(answer.status), ...(run === null ? {} : { providerMessageId: run }) };
}

/**
 * Asks with GET, which starts no run: the trigger takes POST only. So what is checked is that the URL may be called and
 * that Power Automate does not say of it that it is gone, switched off or wrongly signed; whether the workflow posts
 * where it should, only a message shows.
 */
async function verify({ url }: TeamsWorkflowCredentials, context: CallContext): Promise<void> {
  const answer = await call(context.network, url, { method: 'GET' }, context);
  const { status } = answer;
  const otherMethod = status >= 400 && status < 500 && ![401, 403, 410, 429].includes(status);
  if (status < 300 || (otherMethod && !UNUSABLE.test(answer.body))) return;
  throw workflowFailure(answer, undefined, url);
}

/** The URL is the tenant's set-up and no person's address, so that where it leads nowhere the set-up is wrong. */
function workflowFailure(answer: HttpAnswer, message: TeamsMessage | undefined, url: string): ChannelError {
  const byStatus = reasonOfStatus(answer.status);
  const unusable = byStatus === 'invalid_recipient' || (answer.status < 500 && UNUSABLE.test(answer.body));
  const reason: FailureReason = unusable && answer.status !== 429 ? 'auth_error' : byStatus;
  return httpFailure(answer, echoedWords(message, [url]), reason);
}
