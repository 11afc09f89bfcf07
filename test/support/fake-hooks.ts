import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { z } from 'zod';
import { startFakeHttp, type FakeAnswer, type FakeHttp, type FakeRequest } from './fake-http.js';
import { jsonIn } from '../../contracts/json.js';
import { slackBlocks, type SlackBlocks } from './slack-blocks.js';

/** One server with Slack's incoming webhooks, a Teams workflow and somebody's own receiver. */
export interface FakeHooks extends FakeHttp {
  /** Goes with the server's URL as the provider's endpoint. */
  slackHook: string;
  workflow: string;
  receiver: string;
  /** Secrets that the receiver accepts. */
  secrets: string[];
  slack: { text: string; blocks: SlackBlocks }[];
  cards: Card[];
  received: { id: string; payload: unknown }[];
}

const HOOK_PATH = '/services/T01ABC/B01DEF/hookSECRET1234567890';
const SIGNATURE = 'workflowSIGNATURE1234567890';

const textRun = z.strictObject({
  type: z.literal('TextRun'),
  text: z.string().min(1),
  weight: z.literal('Bolder').optional(),
  size: z.literal('Medium').optional(),
  selectAction: z.strictObject({ type: z.literal('Action.OpenUrl'), url: z.url() }).optional(),
});
/** As Teams reads it, as far as Carillon uses it: adaptivecards.io/explorer. */
const card = z.strictObject({
  type: z.literal('message'),
  attachments: z.tuple([
    z.strictObject({
      contentType: z.literal('application/vnd.microsoft.card.adaptive'),
      contentUrl: z.null(),
      content: z.strictObject({
        $schema: z.string(),
        type: z.literal('AdaptiveCard'),
        version: z.enum(['1.4', '1.5']),
        body: z.array(
          z.discriminatedUnion('type', [
            z.strictObject({
              type: z.literal('RichTextBlock'),
              inlines: z.array(textRun).min(1),
              spacing: z.literal('Medium').optional(),
            }),
            z.strictObject({
              type: z.literal('Image'),
              url: z.url(),
              altText: z.string(),
              size: z.literal('Large'),
            }),
          ]),
        ),
        actions: z
          .array(
            z.strictObject({ type: z.literal('Action.OpenUrl'), title: z.string().min(1), url: z.url() }),
          )
          .min(1)
          .optional(),
      }),
    }),
  ]),
});
type Card = z.infer<typeof card>['attachments'][0]['content'];

const slackBody = z.object({ text: z.string().min(1), blocks: slackBlocks });

export async function startFakeHooks(): Promise<FakeHooks> {
  const state: Pick<FakeHooks, 'secrets' | 'slack' | 'cards' | 'received'> = {
    secrets: [],
    slack: [],
    cards: [],
    received: [],
  };
  const http = await startFakeHttp((request) => {
    const { pathname } = request.url;
    if (pathname.startsWith('/services/')) return incomingWebhook(request, state);
    if (pathname.startsWith('/workflows/')) return workflow(request, state);
    if (pathname.startsWith('/in/')) return receiver(request, state);
    return { status: 404, body: 'nothing here' };
  });
  return Object.assign(state, http, {
    slackHook: `https://hooks.slack.com${HOOK_PATH}`,
    workflow: `${http.url}/workflows/abc/triggers/manual/paths/invoke?api-version=1&sig=${SIGNATURE}`,
    receiver: `${http.url}/in/receiverSECRET1234567890`,
  });
}

function incomingWebhook(request: FakeRequest, { slack }: Pick<FakeHooks, 'slack'>): FakeAnswer {
  if (request.url.pathname !== HOOK_PATH) return { status: 404, body: 'no_service' };
  const parsed = jsonOf(request);
  if (typeof parsed !== 'object' || parsed === null) return { status: 400, body: 'invalid_payload' };
  if (!('text' in parsed)) return { status: 400, body: 'no_text' };
  const body = slackBody.safeParse(parsed);
  if (!body.success) return { status: 400, body: 'invalid_blocks' };
  slack.push(body.data);
  return { body: 'ok' };
}

function workflow(request: FakeRequest, { cards }: Pick<FakeHooks, 'cards'>): FakeAnswer {
  const refuse = (status: number, code: string): FakeAnswer => ({
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ error: { code, message: 'refused' } }),
  });
  if (request.url.searchParams.get('sig') !== SIGNATURE) return refuse(401, 'DirectApiAuthorizationRequired');
  if (request.method !== 'POST') return { status: 405 };
  const parsed = card.safeParse(jsonOf(request));
  if (!parsed.success) return refuse(400, 'TriggerInputSchemaMismatch');
  cards.push(parsed.data.attachments[0].content);
  return { status: 202, headers: { 'x-ms-workflow-run-id': `run-${cards.length}` } };
}

/** Verifies with the library that a real receiver would use; a secret of its own is enough. */
function receiver(
  request: FakeRequest,
  { secrets, received }: Pick<FakeHooks, 'secrets' | 'received'>,
): FakeAnswer {
  if (request.method !== 'POST') return { status: 405 };
  const headers = Object.fromEntries(request.headers);
  for (const secret of secrets) {
    try {
      const payload = new Webhook(secret).verify(request.body, headers);
      received.push({ id: headers['webhook-id'] ?? '', payload });
      return { status: 204 };
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
    }
  }
  return { status: 401, body: 'no matching signature' };
}

function jsonOf({ headers, body }: FakeRequest): unknown {
  if (!headers.get('content-type')?.startsWith('application/json')) return undefined;
  return jsonIn(body);
}
