import { expect, it } from 'vitest';
import { builtInChannels } from '../../channels/built-in.js';
import type { SendingChannel } from '../../channels/channel.js';
import { credentialFields } from '../../channels/credential-fields.js';

const sending = builtInChannels({ endpoints: new Map() }).filter(
  (one): one is SendingChannel => one.delivery === 'sent',
);
const fields = (channel: string, provider: string) => {
  const found = sending.find((one) => one.channel === channel && one.provider === provider);
  return new Map(credentialFields(found as SendingChannel).map((field) => [field.name, field]));
};

it.each(sending.map((one) => ({ name: `${one.channel}/${one.provider}`, one })))(
  'knows what the credentials of $name are made of, and which of it is read back',
  ({ one }) => {
    const known = credentialFields(one);
    expect(known.length).toBeGreaterThan(0);
    expect(known.map(({ name }) => name)).toEqual(expect.arrayContaining([...one.shown]));
    for (const { name, isSecret } of known) expect(isSecret, name).toBe(!one.shown.includes(name));
  },
);

it('tells numbers, choices, switches and lists from texts, and what has to be given', () => {
  const smtp = fields('email', 'smtp');
  expect(smtp.get('host')).toEqual({ name: 'host', kind: 'text', isRequired: true, isSecret: false });
  expect(smtp.get('port')).toMatchObject({ kind: 'number', isRequired: false });
  expect(smtp.get('tls')).toMatchObject({
    kind: 'choice',
    choices: expect.arrayContaining(['required']) as unknown,
  });
  expect(smtp.get('rejectUnauthorized')?.kind).toBe('flag');
  expect(fields('webhook', 'standard').get('secrets')?.kind).toBe('json');
  expect(smtp.get('from')?.kind).toBe('text');
  expect(smtp.get('pass')).toMatchObject({ isSecret: true });
  expect(fields('slack', 'slack').get('token')).toMatchObject({ isRequired: true, isSecret: true });
});
