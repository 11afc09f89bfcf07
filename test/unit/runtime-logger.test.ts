import { describe, expect, it } from 'vitest';
import { createLogger, mask, maskText, type Logger } from '../../runtime/logger.js';

/** What stands in the log after `write`, line by line. */
function logged(write: (log: Logger) => void, mixin?: () => object): string {
  const lines: string[] = [];
  write(
    createLogger({ level: 'trace', name: 'test', mixin }, { write: (line: string) => void lines.push(line) }),
  );
  for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  return lines.join('');
}

const secrets = {
  address: 'ann.smith+x@mail.example.com',
  unicode: 'zoé@exämple.fr',
  phone: '+33612345678',
  apiKey: 'ck_0123456789abcdefABCDEF',
  token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1LTEifQ.c2lnbmF0dXJl',
  url: 'mongodb://root:hunter2@db:27017/x',
};
const planted = Object.values(secrets);
const parts = [/ann\.smith/, /zoé/, /\+33612345678/, /ck_0123/, /eyJhbG/, /hunter2/];

function expectClean(text: string): void {
  for (const part of parts) expect(text).not.toMatch(part);
}

describe('the logger', () => {
  it.each(planted)('masks %s inside any text', (secret) => {
    const text = logged((log) => log.info({ note: `failed for ${secret}, again` }, 'failed'));
    expectClean(text);
    expect(text).toMatch(/\[redacted\].*, again/);
  });

  it('masks at every depth, in lists and in what is too deep to show', () => {
    for (let depth = 0; depth < 12; depth += 1) {
      let fields: object = { list: planted, more: [{ note: planted.join(' ') }] };
      for (let level = 0; level < depth; level += 1)
        fields = level % 2 ? { inner: fields } : { inner: [fields] };
      expectClean(logged((log) => log.warn(fields, 'nested')));
    }
  });

  it.each([
    'authorization',
    'Authorization',
    'cookie',
    'set-cookie',
    'password',
    'smtpPassword',
    'secret',
    'clientSecret',
    'token',
    'accessToken',
    'refresh_token',
    'pushTokens',
    'key',
    'apiKey',
    'x-api-key',
    'privateKey',
    'credentials',
    'email',
    'recipientEmail',
    'emailAddress',
    'phone',
    'homePhone',
    'to',
    'from',
    'address',
    'target',
    'subject',
    'html',
    'text',
    'title',
    'message',
    'body',
    'data',
    'content',
    'url',
    'uri',
    'slackUserId',
    'webhookUrl',
  ])('masks the field %s whatever it holds', (name) => {
    for (const value of ['plain words', 42, ['plain'], { plain: 1 }]) {
      expect(mask({ outer: { [name]: value } })).toEqual({ outer: { [name]: '[redacted]' } });
    }
    expect(mask({ [name]: null })).toEqual({ [name]: null });
  });

  it.each(['tenantId', 'notificationId', 'channel', 'provider', 'attempt', 'failureReason', 'workflowId'])(
    'shows the field %s',
    (name) => {
      expect(mask({ [name]: 'as-it-is' })).toEqual({ [name]: 'as-it-is' });
    },
  );

  it('masks an error: message, stack and causes', () => {
    const cause = new Error(`cannot reach ${secrets.url}`);
    const error = new Error(`550 <${secrets.address}> unknown`, { cause: new Error('wrapped', { cause }) });
    const text = logged((log) => log.error({ err: error }, 'delivery failed'));
    expectClean(text);
    expect(text).toContain('550 <[redacted]> unknown');
    expect(text).toContain('cannot reach');
  });

  it('masks an error that is logged alone, and one without a message beside it', () => {
    const error = new Error(`no mail to ${secrets.address}`);
    for (const text of [logged((log) => log.error(error)), logged((log) => log.error({ err: error }))]) {
      expectClean(text);
      expect(JSON.parse(text)).toMatchObject({ msg: 'no mail to [redacted]', err: { type: 'Error' } });
    }
  });

  it('masks messages, their arguments and mixins', () => {
    expectClean(logged((log) => log.info(`sent to ${planted.join(' ')}`)));
    expectClean(logged((log) => log.info({}, 'sent to %s, %j', secrets.address, { note: secrets.phone })));
    expectClean(
      logged(
        (log) => log.info('hello'),
        () => ({ note: secrets.address }),
      ),
    );
  });

  it('shows no bytes', () => {
    expect(mask({ wrapped: Buffer.from('secret'), list: [new Uint8Array(3)] })).toEqual({
      wrapped: '[bytes]',
      list: ['[bytes]'],
    });
  });

  it('takes no longer for a long text without an address', () => {
    const startMs = performance.now();
    expect(maskText('a'.repeat(200_000))).toHaveLength(200_000);
    expect(maskText(`${'a.'.repeat(50_000)}@${'b.'.repeat(50_000)}`).length).toBeGreaterThan(0);
    expect(performance.now() - startMs).toBeLessThan(3_000);
  });

  it('writes the level, the process and the time', () => {
    const line = JSON.parse(logged((log) => log.info({ tenantId: 'acme' }, 'delivered'))) as object;
    expect(line).toMatchObject({ level: 'info', process: 'test', tenantId: 'acme', msg: 'delivered' });
    expect(line).toHaveProperty('time', expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/));
  });
});
