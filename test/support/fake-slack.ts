import { startFakeHttp, type FakeAnswer, type FakeHttp, type FakeRequest } from './fake-http.js';
import { slackBlocks, type SlackBlocks } from './slack-blocks.js';

/** A message that the workspace has. */
export interface PostedToSlack {
  channel: string;
  ts: string;
  text: string;
  blocks: SlackBlocks;
}

/** A workspace behind Slack's Web API, with one bot in it. */
export interface FakeSlack extends Omit<FakeHttp, 'url'> {
  /** In place of `https://slack.com/api/`. */
  endpoint: string;
  token: string;
  /** What the bot may do; tests change it. */
  scopes: string[];
  /** User IDs by email address. */
  users: Map<string, string>;
  /** IDs and names of channels that the bot is in. */
  channels: Set<string>;
  /** Images that Slack can fetch; others it refuses. */
  images: Set<string>;
  posted: PostedToSlack[];
}

type Arguments = Readonly<Record<string, string>>;

export async function startFakeSlack(): Promise<FakeSlack> {
  const token = 'xoxb-1234567890-abcdefSECRET';
  const workspace = {
    token,
    scopes: ['chat:write', 'users:read', 'users:read.email'],
    users: new Map([['ann@example.com', 'U01ANN']]),
    channels: new Set(['#alerts', 'C01ALERTS']),
    images: new Set<string>(),
    posted: [] as PostedToSlack[],
  };
  const http = await startFakeHttp((request) => answerOf(request, workspace));
  return Object.assign(workspace, http, { endpoint: `${http.url}/api/` });
}

type Workspace = Pick<FakeSlack, 'token' | 'scopes' | 'users' | 'channels' | 'images' | 'posted'>;

const neededScope: Readonly<Record<string, string>> = {
  'chat.postMessage': 'chat:write',
  'chat.delete': 'chat:write',
  'users.lookupByEmail': 'users:read.email',
};

function answerOf(request: FakeRequest, workspace: Workspace): FakeAnswer {
  const method = request.url.pathname.replace(/^\/api\//, '');
  const answer = (body: object): FakeAnswer => ({
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-oauth-scopes': workspace.scopes.join(','),
    },
    body: JSON.stringify(body),
  });
  const error = (name: string, more: object = {}) => answer({ ok: false, error: name, ...more });
  const parsed = argumentsOf(request);
  if (request.method !== 'POST' || parsed === undefined) return error('invalid_form_data');
  const authorization = request.headers.get('authorization');
  if (authorization === null) return error('not_authed');
  if (authorization !== `Bearer ${workspace.token}`) return error('invalid_auth');
  const needed = neededScope[method];
  if (needed !== undefined && !workspace.scopes.includes(needed)) {
    return error('missing_scope', { needed, provided: workspace.scopes.join(',') });
  }
  const handler = methods[method];
  if (!handler) return error('unknown_method');
  const result = handler(parsed, workspace);
  return 'error' in result ? answer({ ok: false, ...result }) : answer({ ok: true, ...result });
}

function argumentsOf(request: FakeRequest): Arguments | undefined {
  const type = request.headers.get('content-type') ?? '';
  if (request.body === '') return {};
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(request.body));
  }
  return type.startsWith('application/json') ? (JSON.parse(request.body) as Arguments) : undefined;
}

const methods: Readonly<Record<string, (given: Arguments, workspace: Workspace) => object>> = {
  'auth.test': () => ({ url: 'https://acme.slack.com/', team: 'Acme', user: 'carillon', bot_id: 'B01' }),
  'users.lookupByEmail': ({ email = '' }, { users }) => {
    const id = users.get(email.toLowerCase());
    return id === undefined ? { error: 'users_not_found' } : { user: { id, name: 'ann', deleted: false } };
  },
  'chat.postMessage': postMessage,
  'chat.delete': ({ channel, ts }, { posted }) => {
    const at = posted.findIndex((each) => each.channel === channel && each.ts === ts);
    if (at < 0) return { error: 'message_not_found' };
    posted.splice(at, 1);
    return { channel, ts };
  },
};

function postMessage(given: Arguments, { users, channels, images, posted }: Workspace): object {
  const { channel: to = '', text = '' } = given;
  if (![...users.values(), ...channels].includes(to)) return { error: 'channel_not_found' };
  if (text === '' && given.blocks === undefined) return { error: 'no_text' };
  if (text.length > 40_000) return { error: 'msg_too_long' };
  const blocks = slackBlocks.safeParse(JSON.parse(given.blocks ?? '[]'));
  if (!blocks.success) return invalidBlocks(JSON.stringify(blocks.error.issues));
  const lost = blocks.data.find((each) => each.type === 'image' && !images.has(each.image_url));
  if (lost) return invalidBlocks('downloading image failed');
  // A message to a person goes to the conversation that the bot has with them.
  const channel = to.startsWith('U') ? `D${to.slice(1)}` : to.startsWith('#') ? 'C01ALERTS' : to;
  const ts = `1700000000.${String(posted.length + 1).padStart(6, '0')}`;
  posted.push({ channel, ts, text, blocks: blocks.data });
  return { channel, ts, message: { text } };
}

function invalidBlocks(why: string): object {
  return { error: 'invalid_blocks', response_metadata: { messages: [`[ERROR] ${why}`] } };
}
