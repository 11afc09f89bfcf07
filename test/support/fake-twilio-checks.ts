import type { IncomingMessage } from 'node:http';

/** The account that the fake serves. */
export interface TwilioAccount {
  sid: string;
  authToken: string;
  /** A standard one: it may send and list, and not read the account. */
  apiKey: string;
  apiKeySecret: string;
  status: 'active' | 'suspended' | 'closed';
  /** Its numbers that send SMS, and those that do not. */
  numbers: string[];
  withoutSms: string[];
  shortCodes: string[];
  whatsAppSenders: string[];
  services: string[];
  /** Addressees who said STOP, as Twilio addresses them. */
  optedOut: string[];
}

export interface TwilioRefusal {
  status: number;
  code: number;
  message: string;
}

const E164 = /^\+[1-9]\d{6,14}$/;
const no = (status: number, code: number, message: string): TwilioRefusal => ({ status, code, message });

/** Why Twilio refuses this request; undefined when it does not. */
export function refusalOf(
  account: TwilioAccount,
  request: IncomingMessage,
  url: URL,
  body: string,
): TwilioRefusal | undefined {
  const caller = callerOf(account, request);
  if (caller === undefined) return no(401, 20003, 'Authenticate');
  const [, named] = /^\/2010-04-01\/Accounts\/([^/.]+)/.exec(url.pathname) ?? [];
  const missing = no(404, 20404, `The requested resource ${url.pathname} was not found`);
  if (named === undefined) {
    const [, service = ''] = /^\/v1\/Services\/([^/]+)$/.exec(url.pathname) ?? [];
    return account.services.includes(service) ? undefined : missing;
  }
  if (named !== account.sid) return missing;
  if (caller === 'key' && url.pathname.endsWith(`${named}.json`)) return no(401, 20003, 'Authenticate');
  if (request.method !== 'POST') return undefined;
  if (!url.pathname.endsWith('/Messages.json')) return missing;
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true)
    return no(400, 20001, 'Parameters are to be sent as a form');
  if (account.status !== 'active') return no(401, 20003, 'Your account is suspended');
  return refusalOfMessage(account, Object.fromEntries(new URLSearchParams(body)));
}

function refusalOfMessage(
  account: TwilioAccount,
  form: Partial<Record<string, string>>,
): TwilioRefusal | undefined {
  const {
    To: to = '',
    From: from,
    MessagingServiceSid: service,
    Body: text = '',
    StatusCallback: callback,
  } = form;
  const number = to.replace(/^whatsapp:/, '');
  if (to === '') return no(400, 21604, "A 'To' phone number is required.");
  if (!E164.test(number)) return no(400, 21211, `Invalid 'To' Phone Number: ${to}`);
  if (from === undefined && service === undefined)
    return no(400, 21603, "A 'From' phone number or a MessagingServiceSid is required.");
  if (text === '') return no(400, 21602, 'Message body is required.');
  if (text.length > 1600)
    return no(400, 21617, 'The concatenated message body exceeds the 1600 character limit');
  if (callback !== undefined && !isPublic(callback))
    return no(400, 21609, `The StatusCallback URL ${callback} is not a valid URL.`);
  if (service !== undefined && !account.services.includes(service))
    return no(400, 21701, `The Messaging Service Sid ${service} does not exist`);
  if (from !== undefined && !isSender(account, from, to)) {
    return to.startsWith('whatsapp:')
      ? no(400, 63007, 'Twilio could not find a Channel with the specified From address')
      : no(400, 21606, `The From phone number ${from} is not a valid message-capable Twilio phone number`);
  }
  if (account.optedOut.includes(to)) return no(400, 21610, 'Attempt to send to unsubscribed recipient');
  return undefined;
}

function isSender(account: TwilioAccount, from: string, to: string): boolean {
  if (to.startsWith('whatsapp:'))
    return account.whatsAppSenders.some((sender) => from === `whatsapp:${sender}`);
  return (
    account.numbers.includes(from) ||
    account.shortCodes.includes(from) ||
    /^(?=.*[A-Za-z])[A-Za-z0-9 +_&-]{1,11}$/.test(from)
  );
}

function isPublic(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && new URL(url).hostname.includes('.');
}

function callerOf(account: TwilioAccount, request: IncomingMessage): 'account' | 'key' | undefined {
  const [, encoded = ''] = /^Basic (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
  const login = Buffer.from(encoded, 'base64').toString('utf8');
  if (login === `${account.sid}:${account.authToken}`) return 'account';
  if (login === `${account.apiKey}:${account.apiKeySecret}`) return 'key';
  return undefined;
}
