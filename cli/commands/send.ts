import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import { priorityNames } from '../../contracts/priorities.js';
import { connectApi, type Api, type ApiOptions } from '../api.js';
import { Failure } from '../failure.js';
import { acting } from '../acting.js';
import { deliveryLine, type DeliveryShown } from '../words.js';

interface SendOptions extends ApiOptions {
  to?: string[];
  topic?: string[];
  role?: string[];
  everyone?: true;
  data?: string;
  content?: string;
  channel?: string[];
  sendAt?: string;
  priority?: string;
  actor?: string;
  idempotencyKey?: string;
  wait?: true;
}

interface Shown {
  id: string;
  status: string;
  heldUntil: string | null;
  plan: { channels: Record<string, { action: string; reason?: string; until?: string }> } | null;
  deliveries: DeliveryShown[];
  temporalUrl: string | null;
}

const LOOK_EVERY_MS = 250;
const PATIENCE_MS = 60_000;

/** `carillon send approval_request --to u-42 --data '{"…": "…"}'` */
export function addSend(program: Command): void {
  const several = (value: string, before: string[] = []) => [...before, value];
  program
    .command('send <type>')
    .description('Send a notification, or start a broadcast to topics, roles or everyone')
    .option('--to <whom>', 'a person’s ID, a mail address or a phone number (+…); again for more', several)
    .option('--topic <topic>', 'everyone of a topic; again for more', several)
    .option('--role <role>', 'everyone of a role; again for more', several)
    .option('--everyone', 'all people of the tenant')
    .option('--data <json>', 'what the type’s text is filled with; @file reads it from there')
    .option('--content <json>', 'texts in place of the type’s, by channel; @file reads them from there')
    .option('--channel <channel>', 'only these channels; again for more', several)
    .option('--send-at <time>', 'not before this, ISO 8601')
    .addOption(new Option('--priority <priority>').choices(priorityNames))
    .option('--actor <id>', 'who caused it')
    .option('--idempotency-key <key>', 'the same again sends nothing again')
    .option('--wait', 'wait until it has gone out, and say where it went and why not elsewhere')
    .action(
      acting<SendOptions>(async (options, at, [type = '']) => {
        const api = await connectApi(options);
        const accepted = await api.call<{ id?: string; broadcastId?: string; duplicate: boolean }>(
          'POST',
          '/v1/notifications',
          await triggerOf(type, options),
          options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey },
        );
        if (accepted.broadcastId !== undefined) return at.result(accepted, `${accepted.broadcastId} started`);
        const id = accepted.id ?? '';
        if (options.wait === undefined)
          return at.result(accepted, `${id} accepted${accepted.duplicate ? ' before: the same key' : ''}`);
        const shown = await untilOver(api, id);
        at.result(shown, inWords(shown));
        if (shown.status === 'failed') process.exitCode = 1;
      }),
    );
}

async function triggerOf(type: string, options: SendOptions): Promise<object> {
  return {
    type,
    to: audienceOf(options),
    ...(options.data === undefined ? {} : { data: await jsonOf('--data', options.data) }),
    ...(options.content === undefined ? {} : { content: await jsonOf('--content', options.content) }),
    ...(options.channel === undefined ? {} : { channels: options.channel }),
    ...(options.sendAt === undefined ? {} : { sendAt: options.sendAt }),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
    ...(options.actor === undefined ? {} : { actor: options.actor }),
  };
}

/** The API says what is wrong with it; that there is one at all is said here. */
function audienceOf({ to = [], topic, role, everyone }: SendOptions): object {
  const whom = to.map((each) => {
    if (each.includes('@')) return { email: each };
    return each.startsWith('+') ? { phone: each } : each;
  });
  const kinds = [
    ...(whom.length === 1 ? [{ recipient: whom[0] }] : []),
    ...(whom.length > 1 ? [{ recipients: whom }] : []),
    ...(topic ? [{ topics: topic }] : []),
    ...(role ? [{ roles: role }] : []),
    ...(everyone ? [{ everyone }] : []),
  ];
  const [audience] = kinds;
  if (!audience || kinds.length > 1) throw new Failure('to whom? One of --to, --topic, --role or --everyone');
  return audience;
}

async function jsonOf(option: string, given: string): Promise<unknown> {
  try {
    return JSON.parse(given.startsWith('@') ? await readFile(given.slice(1), 'utf8') : given);
  } catch (error) {
    throw new Failure(`${option}: ${(error as Error).message}`, { cause: error });
  }
}

async function untilOver(api: Api, id: string): Promise<Shown> {
  const endMs = Date.now() + PATIENCE_MS;
  for (;;) {
    const shown = await api.call<Shown>('GET', `/v1/notifications/${encodeURIComponent(id)}`);
    if (!['accepted', 'sending'].includes(shown.status) || Date.now() > endMs) return shown;
    await pause(LOOK_EVERY_MS);
  }
}

function inWords({ id, status, heldUntil, plan, deliveries, temporalUrl }: Shown): string {
  const sent = new Set(deliveries.map(({ channel }) => channel));
  const left = Object.entries(plan?.channels ?? {}).filter(([channel]) => !sent.has(channel));
  return [
    `${id} ${status}${heldUntil === null ? '' : ` until ${heldUntil}`}`,
    ...deliveries.map((delivery) => `  ${deliveryLine(delivery)}`),
    ...left.map(
      ([channel, { action, reason, until }]) =>
        `  ${channel} ${action}${until === undefined ? '' : ` until ${until}`}${reason === undefined ? '' : `: ${reason}`}`,
    ),
    ...(temporalUrl === null ? [] : [`  ${temporalUrl}`]),
  ].join('\n');
}
