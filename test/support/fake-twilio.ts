import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { refusalOf, type TwilioAccount } from './fake-twilio-checks.js';

export type { TwilioAccount } from './fake-twilio-checks.js';

/** Which of Twilio's resources is asked for. */
export type TwilioPlace = 'messages' | 'account' | 'service' | 'numbers';

/** What it does there in place of answering as Twilio does. */
export interface TwilioBehaviour {
  at: TwilioPlace;
  do:
    | 'hang'
    /** Cuts the connection without an answer. */
    | 'drop'
    /** Sends the headers and half of the answer, and cuts the connection. */
    | 'tear'
    | { status: number; code?: number; message?: string; headers?: Record<string, string> }
    /** Answers this text. */
    | { status: number; raw: string }
    /** Takes the message, with these fields in its answer. */
    | { fields: Record<string, unknown> };
  /** Only this often, then it answers again. Default: always. */
  times?: number;
}

export interface FakeTwilio {
  readonly url: string;
  readonly account: TwilioAccount;
  /** The form fields of messages that it took, oldest first. */
  readonly messages: readonly Record<string, string>[];
  /** Requests that came, whatever became of them. */
  readonly requests: readonly string[];
  /** Replaces what it does from now on. `met` resolves when a client first meets one of them. */
  behave(...behaviours: TwilioBehaviour[]): { met: Promise<void> };
  close(): Promise<void>;
}

/** Twilio's REST API on 127.0.0.1, as far as messages need it, with the checks that Twilio makes. */
export async function startFakeTwilio(changes: Partial<TwilioAccount> = {}): Promise<FakeTwilio> {
  const account: TwilioAccount = {
    sid: sid('AC'),
    authToken: randomBytes(16).toString('hex'),
    apiKey: sid('SK'),
    apiKeySecret: randomBytes(16).toString('hex'),
    status: 'active',
    numbers: ['+15005550006'],
    withoutSms: [],
    shortCodes: ['12345'],
    whatsAppSenders: ['+14155238886'],
    services: [sid('MG')],
    optedOut: [],
    ...changes,
  };
  const messages: Record<string, string>[] = [];
  const requests: string[] = [];
  let inForce: { behaviour: TwilioBehaviour; left: number; met: () => void }[] = [];

  const take = (at: TwilioPlace) => {
    const entry = inForce.find(({ behaviour, left }) => behaviour.at === at && left > 0);
    if (!entry) return undefined;
    entry.left -= 1;
    entry.met();
    return entry.behaviour.do;
  };

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    requests.push(`${request.method} ${url.pathname}`);
    const body = Buffer.concat(await request.toArray()).toString('utf8');
    const place = placeOf(url.pathname);
    const what = place && take(place);
    if (what === 'hang') return;
    if (what === 'drop') return void request.socket.destroy();
    if (what === 'tear') {
      response.writeHead(201, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"sid":"SM', () => request.socket.destroy());
      return;
    }
    if (what && 'raw' in what) return void response.writeHead(what.status).end(what.raw);
    if (what && 'status' in what) return refuse(response, what);
    const refusal = refusalOf(account, request, url, body);
    if (refusal) return refuse(response, refusal);
    if (place !== 'messages' || request.method !== 'POST')
      return answer(response, 200, read(account, url, place));
    const form = Object.fromEntries(new URLSearchParams(body));
    messages.push(form);
    answer(response, 201, { ...messageOf(account, form), ...(what ? what.fields : {}) });
  };

  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    account,
    messages,
    requests,
    behave: (...next) => ({
      met: new Promise((met) => {
        inForce = next.map((behaviour) => ({ behaviour, left: behaviour.times ?? Infinity, met }));
      }),
    }),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function placeOf(path: string): TwilioPlace | undefined {
  if (/\/Messages\.json$/.test(path)) return 'messages';
  if (/^\/2010-04-01\/Accounts\/[^/]+\.json$/.test(path)) return 'account';
  if (/^\/v1\/Services\//.test(path)) return 'service';
  if (/\/(IncomingPhoneNumbers|SMS\/ShortCodes)\.json$/.test(path)) return 'numbers';
  return undefined;
}

function refuse(
  response: ServerResponse,
  given: { status: number; code?: number; message?: string; headers?: Record<string, string> },
): void {
  const { status, code = 20001, message = 'Refused', headers = {} } = given;
  const more = `https://www.twilio.com/docs/errors/${code}`;
  answer(response, status, { code, message, more_info: more, status }, headers);
}

function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function read(account: TwilioAccount, url: URL, place: TwilioPlace | undefined): unknown {
  const page = { page: 0, page_size: 1, next_page_uri: null, uri: url.pathname };
  const phoneNumber = url.searchParams.get('PhoneNumber');
  if (place === 'account') return { sid: account.sid, status: account.status, type: 'Full' };
  if (place === 'service') return { sid: url.pathname.split('/').pop(), account_sid: account.sid };
  if (place === 'messages') return { ...page, messages: [] };
  if (url.pathname.endsWith('/ShortCodes.json')) {
    const known = account.shortCodes.filter((code) => code === url.searchParams.get('ShortCode'));
    return { ...page, short_codes: known.map((short_code) => ({ sid: sid('SC'), short_code })) };
  }
  const numbers = [...account.numbers, ...account.withoutSms].filter((number) => number === phoneNumber);
  return {
    ...page,
    incoming_phone_numbers: numbers.map((number) => ({
      sid: sid('PN'),
      phone_number: number,
      capabilities: { voice: true, sms: !account.withoutSms.includes(number), mms: false },
    })),
  };
}

/** As Twilio answers it: a messaging service has chosen no sender yet, so it counts no segments. */
function messageOf(account: TwilioAccount, form: Record<string, string>): Record<string, unknown> {
  const byService = form.MessagingServiceSid !== undefined;
  return {
    account_sid: account.sid,
    api_version: '2010-04-01',
    body: form.Body,
    date_created: new Date().toUTCString(),
    date_sent: null,
    date_updated: new Date().toUTCString(),
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: form.From ?? null,
    messaging_service_sid: form.MessagingServiceSid ?? null,
    num_media: '0',
    num_segments: byService ? '0' : '1',
    price: null,
    price_unit: 'USD',
    sid: sid('SM'),
    status: byService ? 'accepted' : 'queued',
    to: form.To,
  };
}

function sid(prefix: string): string {
  return prefix + randomBytes(16).toString('hex');
}
