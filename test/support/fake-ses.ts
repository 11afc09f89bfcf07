import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { simpleParser, type AddressObject, type ParsedMail } from 'mailparser';
import { signatureProblem, type AwsKey } from './sigv4.js';

export interface SesMail {
  messageId: string;
  to: string[];
  configurationSetName?: string;
  /** What its events carry. */
  tags?: Record<string, string>;
  raw: string;
  parsed: ParsedMail;
}

/** An answer in place of taking the mail. */
export type SesAnswer =
  { type: string; message?: string; status?: number; headers?: Record<string, string> } | 'hang' | 'drop';

/** An account at Amazon SES in one region, spoken to over the REST API of version 2. */
export interface FakeSes {
  readonly url: string;
  readonly region: string;
  readonly key: AwsKey;
  /** Mails it took, oldest first. */
  readonly mails: readonly SesMail[];
  /** Requests that came, whatever became of them. */
  readonly requests: number;
  /** What `GetAccount` tells; in the sandbox, recipients have to be verified, too. */
  account: { SendingEnabled: boolean; ProductionAccessEnabled: boolean; EnforcementStatus: string };
  /** Addresses and domains that may send. */
  readonly verified: Set<string>;
  readonly configurationSets: Set<string>;
  /** Answers this from now on; nothing means: as a real one would. Resolves when somebody first meets it. */
  behave(answer?: SesAnswer): { met: Promise<void> };
  close(): Promise<void>;
}

class SesError extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

export async function startFakeSes(
  options: { sessionToken?: string; region?: string } = {},
): Promise<FakeSes> {
  const { sessionToken, region = 'eu-west-1' } = options;
  const key: AwsKey = {
    accessKeyId: 'AKIAFAKEFAKEFAKE1234',
    secretAccessKey: 'fake/Secret+Key0fake/Secret+Key0fake1234',
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
  const mails: SesMail[] = [];
  const state = { requests: 0, answer: undefined as SesAnswer | undefined, met: () => undefined as void };

  const server = createServer((request, response) => {
    void respond(request, response).catch((error: unknown) => {
      const { type, message, status } =
        error instanceof SesError ? error : new SesError('InternalFailure', String(error), 500);
      refuse(response, { type, message, status });
    });
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    state.requests += 1;
    const body = await bodyOf(request);
    const problem = signatureProblem(request, body, { ...key, region, service: 'ses' });
    if (problem) throw new SesError(problem.type, problem.message, 403);
    const { answer } = state;
    if (answer !== undefined) {
      state.met();
      if (answer === 'hang') return;
      if (answer === 'drop') return void request.socket.destroy();
      return refuse(response, answer);
    }
    const route = `${request.method} ${request.url}`;
    if (route === 'GET /v2/email/account') return answerWith(response, { ...fake.account });
    if (route !== 'POST /v2/email/outbound-emails') throw new SesError('NotFoundException', route, 404);
    if (request.headers['content-type'] !== 'application/json') {
      throw new SesError('BadRequestException', 'not JSON');
    }
    return answerWith(response, { MessageId: await take(JSON.parse(body.toString()) as SendEmailBody) });
  }

  async function take({
    Content,
    Destination,
    ConfigurationSetName,
    EmailTags,
  }: SendEmailBody): Promise<string> {
    const data = Content?.Raw?.Data;
    if (typeof data !== 'string') throw new SesError('BadRequestException', 'Content is missing');
    const raw = Buffer.from(data, 'base64');
    const parsed = await simpleParser(raw);
    const from = parsed.from?.value[0]?.address ?? '';
    const to = Destination?.ToAddresses ?? addressesOf(parsed.to);
    if (to.length === 0) throw new SesError('BadRequestException', 'there is no recipient');
    if (/[^\r]\n/.test(raw.toString('latin1'))) throw new SesError('BadRequestException', 'bare line feeds');
    for (const address of to) {
      if (!address.includes('@')) throw new SesError('BadRequestException', "Missing final '@domain'");
    }
    if (ConfigurationSetName !== undefined && !fake.configurationSets.has(ConfigurationSetName)) {
      const message = `Configuration set <${ConfigurationSetName}> does not exist.`;
      throw new SesError('NotFoundException', message, 404);
    }
    if (!fake.account.SendingEnabled) {
      throw new SesError('SendingPausedException', 'Email sending is disabled for this account.');
    }
    // https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageTag.html
    for (const { Name, Value } of EmailTags ?? []) {
      if (!/^[\w-]{1,256}$/.test(Name) || !/^[\w.@-]{1,256}$/.test(Value))
        throw new SesError('BadRequestException', `Invalid tag <${Name}>`);
    }
    const asked = fake.account.ProductionAccessEnabled ? [from] : [from, ...to];
    const unverified = asked.filter((address) => !isVerified(address));
    if (unverified.length > 0) {
      throw new SesError(
        'MessageRejected',
        `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${unverified.join(', ')}`,
      );
    }
    const messageId = `0102019a${String(mails.length).padStart(8, '0')}-fake-000000`;
    mails.push({
      messageId,
      to,
      raw: raw.toString(),
      parsed,
      ...(ConfigurationSetName === undefined ? {} : { configurationSetName: ConfigurationSetName }),
      ...(EmailTags ? { tags: Object.fromEntries(EmailTags.map(({ Name, Value }) => [Name, Value])) } : {}),
    });
    return messageId;
  }

  function isVerified(address: string): boolean {
    return fake.verified.has(address) || fake.verified.has(address.slice(address.lastIndexOf('@') + 1));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const fake: FakeSes = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region,
    key,
    mails,
    get requests() {
      return state.requests;
    },
    account: { SendingEnabled: true, ProductionAccessEnabled: true, EnforcementStatus: 'HEALTHY' },
    verified: new Set(['carillon.example']),
    configurationSets: new Set(['carillon']),
    behave(answer) {
      state.answer = answer;
      return { met: new Promise((resolve) => (state.met = resolve)) };
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return fake;
}

interface SendEmailBody {
  Content?: { Raw?: { Data?: unknown } };
  Destination?: { ToAddresses?: string[] };
  ConfigurationSetName?: string;
  EmailTags?: { Name: string; Value: string }[];
}

function addressesOf(to: AddressObject | AddressObject[] | undefined): string[] {
  return [to ?? []].flat().flatMap(({ value }) => value.flatMap(({ address }) => address ?? []));
}

function answerWith(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, answer: Exclude<SesAnswer, string>): void {
  const { type, message = 'no', status = 400, headers } = answer;
  response
    .writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type, ...headers })
    .end(JSON.stringify({ message }));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
