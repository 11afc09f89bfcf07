import { describe, expect, it } from 'vitest';
import { smsCredentials, whatsAppCredentials } from '../../channels/twilio/credentials.js';
import { twilioSmsChannel } from '../../channels/sms/twilio.js';

const hex = '0123456789abcdef0123456789abcdef';
const account = { accountSid: `AC${hex}`, authToken: 's3cret-token' };
const byKey = { accountSid: `AC${hex}`, apiKey: `SK${hex}`, apiKeySecret: 's3cret-key' };
const service = { messagingServiceSid: `MG${hex}` };

describe('Twilio credentials', () => {
  it.each([
    { ...account, ...service },
    { ...account, from: '+15005550006' },
    { ...account, from: 'Carillon 24' },
    { ...account, from: '12345' },
    { ...byKey, ...service },
    { ...account, ...byKey, ...service },
    { ...account, ...service, region: 'ie1', edge: 'dublin' },
  ])('%#: are taken, and again as they were given', (given) => {
    expect(smsCredentials.parse(given)).toEqual(given);
  });

  it.each([
    ['no account', { ...account, ...service, accountSid: undefined }, 'accountSid'],
    ['an account that is a key', { ...account, ...service, accountSid: `SK${hex}` }, 'accountSid'],
    ['a SID that is cut off', { ...account, ...service, accountSid: `AC${hex.slice(1)}` }, 'accountSid'],
    ['nothing to enter with', { ...service, accountSid: account.accountSid }, 'authToken'],
    ['a key without its secret', { ...byKey, ...service, apiKeySecret: undefined }, 'apiKeySecret'],
    ['a line break in the token', { ...account, ...service, authToken: 's3cret\r\nX: y' }, 'authToken'],
    ['no sender', account, 'from'],
    ['two senders', { ...account, ...service, from: '+15005550006' }, 'from'],
    ['a sender that is none', { ...account, from: 'Much too long for one' }, 'from'],
    ['a number as it is dialled', { ...account, from: '06 12 34 56 78' }, 'from'],
    ['a region that leads elsewhere', { ...account, ...service, region: 'evil.example/s3cret' }, 'region'],
    ['a field of its own', { ...account, ...service, s3cretly: true }, ''],
  ])('with %s are refused at %s', (_what, given, path) => {
    const { error } = smsCredentials.safeParse(given);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });

  it('are never repeated by what refuses them', () => {
    const given = {
      accountSid: 's3cret',
      authToken: 's3cret\n',
      from: 's3cret-s3cret-s3cret',
      region: 'S3cret!',
    };
    const { error } = smsCredentials.safeParse(given);
    expect(JSON.stringify(error?.issues)).not.toMatch(/s3cret/i);
  });

  it('of WhatsApp take a number with Twilio’s prefix or without it, and nothing else', () => {
    const numbers = ['+14155238886', 'whatsapp:+14155238886'];
    for (const from of numbers)
      expect(whatsAppCredentials.parse({ ...account, from }).from).toBe('+14155238886');
    expect(whatsAppCredentials.safeParse({ ...account, from: 'Carillon' }).success).toBe(false);
  });

  it('show no secret when they are read back', () => {
    expect(twilioSmsChannel().shown).not.toContain('authToken');
    expect(twilioSmsChannel().shown).not.toContain('apiKeySecret');
  });
});
