import type { HookName } from '../../contracts/tenant-channels.js';
import { nothing } from '../../events/callbacks/callback.js';
import { sesFeedback } from '../../events/callbacks/ses.js';
import { takeSlack } from '../../events/callbacks/slack.js';
import { takeSmtp } from '../../events/callbacks/smtp.js';
import { confirmationOf, takeSns } from '../../events/callbacks/sns.js';
import { takeTwilio } from '../../events/callbacks/twilio.js';
import type { ApiDependencies } from '../dependencies.js';
import { credentialFields, type Hook } from './hook.js';
import { moduleHooks } from './module-hooks.js';

const FORM = 'application/x-www-form-urlencoded';
const KIB = 1024;
/** Milliseconds for SNS to take a confirmation. */
const CONFIRM_MS = 10_000;

const twilio: Hook = {
  mediaTypes: [FORM],
  maxBytes: 64 * KIB,
  async open(deps, tenantId) {
    // Its signature is over the address that it calls, which only the deployment's own name tells.
    if (deps.config.CARILLON_PUBLIC_URL === undefined) return undefined;
    const places = ['sms/twilio', 'whatsapp/twilio'];
    const tokens = await credentialFields(deps, tenantId, places, 'authToken');
    return tokens.length === 0 ? undefined : (callback) => takeTwilio(callback, tokens);
  },
};

const ses: Hook = {
  // SNS says that its JSON is plain text.
  mediaTypes: ['text/plain', 'application/json'],
  maxBytes: 512 * KIB,
  async open(deps, tenantId) {
    const [topicArn] = await credentialFields(deps, tenantId, ['email/ses'], 'topicArn');
    if (topicArn === undefined) return undefined;
    const deliveryOf = await deps.models.deliveryTokens.reader(tenantId);
    return async ({ body, nowMs }) => {
      const taken = await takeSns(body, { topicArn, certificates: deps.snsCertificates, nowMs });
      if (!taken.ok) return taken;
      const message = taken.told;
      const confirmation = confirmationOf(message);
      if (confirmation !== undefined) await confirm(deps, tenantId, confirmation);
      if (message.Type !== 'Notification') return { ok: true, told: nothing };
      return { ok: true, told: { feedback: sesFeedback(message.Message, nowMs, deliveryOf) } };
    };
  },
};

const slack: Hook = {
  mediaTypes: [FORM],
  maxBytes: 256 * KIB,
  async open(deps, tenantId) {
    const places = ['slack/slack', 'slack/incoming-webhook'];
    const secrets = await credentialFields(deps, tenantId, places, 'signingSecret');
    if (secrets.length === 0) return undefined;
    const deliveryOf = await deps.models.deliveryTokens.reader(tenantId);
    return (callback) => takeSlack(callback, secrets, deliveryOf);
  },
};

const smtp: Hook = {
  mediaTypes: ['message/rfc822'],
  maxBytes: 1024 * KIB,
  async open(deps, tenantId) {
    const secrets = await deps.models.hookSecrets.find(tenantId, 'smtp');
    if (secrets.length === 0) return undefined;
    const deliveryOf = await deps.models.deliveryTokens.reader(tenantId);
    return (callback) => takeSmtp(callback, secrets, deliveryOf);
  },
};

const builtIn: Record<HookName, Hook> = { twilio, ses, slack, smtp };

/** Whose callbacks Carillon reads itself, by the name that stands in the address. */
export const hooks: ReadonlyMap<string, Hook> = new Map(Object.entries(builtIn));

/** Who calls back by this name; undefined where nobody does. */
export function findHook({ channels }: Pick<ApiDependencies, 'channels'>, name: string): Hook | undefined {
  return hooks.get(name) ?? moduleHooks(channels).get(name);
}

/** All who call back: behind those the providers of the deployment's own modules that say how theirs are read. */
export function allHooks({ channels }: Pick<ApiDependencies, 'channels'>): ReadonlyMap<string, Hook> {
  return new Map([...hooks, ...moduleHooks(channels)]);
}

/** @throws where SNS does not take it, so that it asks again. */
async function confirm({ network, log }: ApiDependencies, tenantId: string, url: string): Promise<void> {
  const answer = await network.fetch(url, { signal: AbortSignal.timeout(CONFIRM_MS) });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`SNS answered ${answer.status} to a confirmation`);
  log.info({ tenantId }, 'subscription to a topic of SNS confirmed');
}
