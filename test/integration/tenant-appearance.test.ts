import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPerson, notify } from '../support/runs.js';
import type { ReceivedMail } from '../support/smtp-server.js';
import { startChecked, type CheckedEngine } from '../unit/api-checked.js';

let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked();
});
afterAll(() => engine.stop());

const patch = (body: object) => engine.call<object>('PATCH', '/v1/tenant', body);

async function mailTo(changes: Record<string, unknown> = {}): Promise<ReceivedMail> {
  const person = await addPerson(engine);
  const run = await notify(engine, person, { channels: ['email'], ...changes });
  await run.handle.result();
  const [mail] = person.mails();
  if (!mail) throw new Error('no mail arrived');
  return mail;
}

describe('the sender', () => {
  it('has the tenant’s name at the deployment’s address, and the tenant’s own for answers', async () => {
    await patch({
      sender: { name: 'Acme Contracts', address: 'ceo@victim.example', replyTo: 'help@acme.example' },
    });
    const { parsed, envelope } = await mailTo();
    expect(parsed.from?.value).toEqual([
      { name: 'Acme Contracts', address: 'notifications@carillon.localhost' },
    ]);
    expect(envelope.from).toBe('notifications@carillon.localhost');
    expect(parsed.replyTo?.value[0]?.address).toBe('help@acme.example');
  });

  it('is changed field by field, and null takes one away', async () => {
    await patch({ sender: { name: 'One', replyTo: 'a@acme.example', address: 'b@acme.example' } });
    const { body } = await patch({ sender: { name: 'Two', replyTo: null } });
    expect(body).toMatchObject({ sender: { name: 'Two', address: 'b@acme.example' } });
    expect(body).not.toHaveProperty('sender.replyTo');
  });
});

describe('branding', () => {
  it('gives the mail its name, logo, colour and footer, whether the text is Carillon’s or the caller’s', async () => {
    await patch({
      branding: {
        name: 'Acme & Sons',
        logoUrl: 'https://cdn.acme.example/logo.png?a=1&b=2',
        primaryColor: '#ffd400',
        footer: 'Acme & Sons\n1 Rue de la Paix',
      },
    });
    const own = {
      content: { email: { subject: 'Hello', text: 'Hello there' } },
      actionUrl: 'https://a.example/x',
    };
    for (const { parsed } of [await mailTo({ actionUrl: 'https://a.example/x' }), await mailTo(own)]) {
      const html = String(parsed.html);
      expect(html).toContain('src="https://cdn.acme.example/logo.png?a=1&amp;b=2"');
      expect(html).toContain('alt="Acme &amp; Sons"');
      expect(html).toContain('bgcolor="#ffd400"');
      // Black, since white could not be read on yellow.
      expect(html).toMatch(/background:#ffd400;color:#000000/);
      expect(html).toContain('Acme &amp; Sons<br />1 Rue de la Paix<br />');
    }
    expect((await mailTo()).parsed.text).toContain('Acme & Sons\n1 Rue de la Paix');
  });

  it('is taken away by null, and the mail looks as before', async () => {
    const before = await patch({ branding: { name: null, logoUrl: null, primaryColor: null, footer: null } });
    expect(before.body).toMatchObject({ branding: {} });
    const { parsed } = await mailTo({ actionUrl: 'https://a.example/x' });
    expect(String(parsed.html)).not.toMatch(/<img|ffd400/);
  });

  it('completes links that are only a path', async () => {
    await patch({ appUrl: 'https://app.acme.example' });
    const { parsed } = await mailTo({ actionUrl: '/contracts/c-1' });
    expect(String(parsed.html)).toContain('href="https://app.acme.example/contracts/c-1"');
  });
});

describe('the retry rules', () => {
  it('are changed field by field, and null takes away a field or a channel', async () => {
    await patch({ retries: { sms: { retries: 5, initial: 'PT30S' }, email: { backoff: 1.5 } } });
    const { body: changed } = await patch({ retries: { sms: { retries: 0, initial: null } } });
    expect(changed).toHaveProperty('retries', { sms: { retries: 0 }, email: { backoff: 1.5 } });
    const { body: fewer } = await patch({ retries: { sms: null } });
    expect(fewer).toHaveProperty('retries', { email: { backoff: 1.5 } });
    const { body: none } = await patch({ retries: { email: null } });
    expect(none).toHaveProperty('retries', {});
  });
});

it.each<[string, object, string]>([
  ['one retry too many', { retries: { sms: { retries: 11 } } }, 'retries.sms.retries'],
  ['a wait that is too long', { retries: { sms: { initial: 'PT2H' } } }, 'retries.sms.initial'],
  ['a retry rule of the inbox', { retries: { in_app: { retries: 1 } } }, 'retries'],
  ['a colour by its name', { branding: { primaryColor: 'red' } }, 'branding.primaryColor'],
  ['a colour that carries more', { branding: { primaryColor: '#fff;}x' } }, 'branding.primaryColor'],
  ['a logo over http', { branding: { logoUrl: 'http://a.example/logo.png' } }, 'branding.logoUrl'],
  ['a logo that is script', { branding: { logoUrl: 'javascript:alert(1)' } }, 'branding.logoUrl'],
  ['a logo that ends its attribute', { branding: { logoUrl: 'https://a.example/"x' } }, 'branding.logoUrl'],
  ['a sender’s name with a line break', { sender: { name: 'A\r\nBcc: x' } }, 'sender.name'],
  ['an address that is none', { sender: { address: 'nobody' } }, 'sender.address'],
  ['several addresses', { sender: { replyTo: 'a@a.example, b@b.example' } }, 'sender.replyTo'],
  ['an application that is a file', { appUrl: 'file:///etc/passwd' }, 'appUrl'],
  ['a field that is not known', { branding: { font: 'Comic' } }, 'branding.font'],
  ['a channel that does not go out', { useDeployment: { in_app: true } }, 'useDeployment'],
])('%s is refused with its path', async (_what, body, path) => {
  const answer = await patch(body);
  expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  expect(JSON.stringify(answer.body)).toContain(`"path":"${path}`);
});
