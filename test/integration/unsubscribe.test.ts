import { load } from 'cheerio';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { smallPages, broadcastTo } from '../support/broadcasts.js';
import { run, startChecked, type CheckedEngine, type Full, type Page } from '../unit/api-checked.js';

// As a mail program does it: with what stands in the mail that arrived, and nothing else.

const publicUrl = 'https://notify.example';
let engine: CheckedEngine;
let count = 0;
let id: string;
let address: string;

beforeAll(async () => {
  engine = await startChecked({ env: { ...smallPages, CARILLON_PUBLIC_URL: `${publicUrl}/` } });
});
afterAll(() => engine.stop());
beforeEach(() => {
  engine.smtp.behave();
  id = `unsubscriber-${(count += 1)}`;
  address = `${id}@example.com`;
});

const tell = (type: string, more: Record<string, unknown> = {}): Promise<Full> =>
  run(engine, {
    type,
    to: { recipient: { id, email: address } },
    channels: ['email'],
    data: { contract: { title: 'NDA' }, requester: 'Ann' },
    ...more,
  });
const mailsTo = (to: string) => engine.smtp.mails.filter(({ envelope }) => envelope.to.includes(to));
const lastMail = () => {
  const mail = mailsTo(address).at(-1);
  if (!mail) throw new Error(`no mail to ${address}`);
  return mail;
};
/** The link of the last mail's header, as a mail program reads it; the API's own address in place of the public one. */
function headerLink(): string {
  const [, url = ''] = /^List-Unsubscribe: <([^>]+)>\r?$/m.exec(lastMail().raw) ?? [];
  expect(url.startsWith(`${publicUrl}/u/`), url).toBe(true);
  return url.replace(publicUrl, engine.url);
}
const post = (url: string, body?: FormData | URLSearchParams | string, headers?: Record<string, string>) =>
  fetch(url, {
    method: 'POST',
    redirect: 'error',
    ...(body ? { body } : {}),
    ...(headers ? { headers } : {}),
  });
/** What Gmail posts. */
const oneClick = (url: string) => post(url, new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }));
const press = (url: string, action: string) => post(url, new URLSearchParams({ action }));
const stopped = { action: 'skip', reason: 'suppressed_address', detail: 'unsubscribed' };
const suppressed = async () =>
  (
    await engine.call<Page<{ id: string; reason: string; category: string | null; deliveryId: string }>>(
      'GET',
      `/v1/suppressions?address=${address}`,
    )
  ).body.items;

describe('one click', () => {
  it('stops the mail’s category, and no other, until an admin lets it go again', async () => {
    const first = await tell('approval_request');
    expect(first.status).toBe('sent');
    expect(lastMail().raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m);
    const answer = await oneClick(headerLink());
    expect(answer.status).toBe(200);

    const second = await tell('contract_approved');
    expect(second).toMatchObject({ status: 'suppressed', plan: { channels: { email: stopped } } });
    expect(mailsTo(address)).toHaveLength(1);
    expect((await tell('mention')).status).toBe('sent');
    expect(mailsTo(address)).toHaveLength(2);

    const [one] = await suppressed();
    expect(one).toMatchObject({
      reason: 'unsubscribed',
      category: 'contracts',
      deliveryId: `${first.id}-email`,
    });
    expect((await engine.call('DELETE', `/v1/suppressions/${one?.id}`)).status).toBe(204);
    expect((await tell('approval_request')).status).toBe('sent');
  });

  it('may be repeated, and stops the same once', async () => {
    await tell('approval_request');
    const url = headerLink();
    for (let time = 0; time < 3; time += 1) expect((await oneClick(url)).status).toBe(200);
    expect(await suppressed()).toHaveLength(1);
  });

  it.each<[string, () => [FormData | URLSearchParams | string | undefined, Record<string, string>?]]>([
    [
      'a multipart form',
      () => {
        const form = new FormData();
        form.set('List-Unsubscribe', 'One-Click');
        return [form];
      },
    ],
    ['nothing', () => [undefined]],
  ])('works with %s', async (_what, body) => {
    await tell('approval_request');
    expect((await post(headerLink(), ...body())).status).toBe(200);
    expect(await suppressed()).toMatchObject([{ category: 'contracts' }]);
  });

  it('works for a bare address', async () => {
    const bare = { to: { recipient: { email: address } } };
    expect((await tell('approval_request', bare)).status).toBe('sent');
    await oneClick(headerLink());
    expect((await tell('approval_request', bare)).plan.channels.email).toEqual(stopped);
  });

  it('follows the category that the trigger names', async () => {
    await tell('approval_request', { category: 'marketing' });
    await oneClick(headerLink());
    expect(
      (await tell('system', { category: 'marketing', data: { title: 'Hi' } })).plan.channels.email,
    ).toEqual(stopped);
    expect((await tell('approval_request')).status).toBe('sent');
  });

  it('counts for a broadcast', async () => {
    await tell('system', { content: { email: { subject: 'News', text: 'News' } } });
    await oneClick(headerLink());
    const other = `${id}-b`;
    const broadcast = await broadcastTo(
      engine,
      { to: { recipients: [id, { id: other, email: `${other}@example.com` }] }, channels: ['email'] },
      engine.tenantId,
    );
    expect((await broadcast.over()).counts).toMatchObject({ sent: 1, suppressed: 1 });
    const [mail] = mailsTo(`${other}@example.com`);
    expect(mail?.raw).toContain(`List-Unsubscribe: <${publicUrl}/u/`);
  });
});

describe('the mail', () => {
  it('links to the page in its footer, in the reader’s language, as HTML and as text', async () => {
    await engine.call('PUT', `/v1/subscribers/${id}`, { email: address, locale: 'fr-CA' });
    await tell('approval_request', { to: { recipient: id } });
    const { html, text } = lastMail().parsed;
    const url = headerLink().replace(engine.url, publicUrl);
    const link = load(String(html))('a').filter(
      (_at, a) => load(a).text() === 'Ne plus recevoir ces messages',
    );
    expect(link.attr('href')).toBe(url);
    expect(text).toContain(`Ne plus recevoir ces messages : ${url}`);
  });

  it('of a caller’s own words has it as a variable, and under plain text', async () => {
    const html = '<p>Hi</p><p><a href="{{ unsubscribeUrl }}">Leave</a></p>';
    await tell('direct', { content: { email: { subject: 'Hi', html } } });
    expect(lastMail().parsed.html).toContain(headerLink().replace(engine.url, publicUrl));
    await tell('direct', { content: { email: { subject: 'Hi', text: 'Hi there' } } });
    expect(lastMail().parsed.text).toMatch(
      /^Hi there\n\n-- \nStop these mails: https:\/\/notify\.example\/u\//,
    );
  });

  it('shows no address in its link', async () => {
    await tell('approval_request');
    const token = decodeURIComponent(headerLink().split('/u/')[1] ?? '');
    const bytes = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('latin1');
    expect(token + bytes).not.toMatch(/unsubscriber|example\.com|contracts/);
  });
});

describe('the page', () => {
  const get = (url: string, language?: string) =>
    fetch(url, language === undefined ? {} : { headers: { 'accept-language': language } });
  const heading = async (answer: Response) => load(await answer.text())('h1').text();

  it('changes nothing when it is opened, since mail scanners open it', async () => {
    await tell('approval_request');
    const answer = await get(`${headerLink()}?scanned=1`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe-inline');
    const page = load(await answer.text());
    expect(page('h1').text()).toBe('Stop these emails?');
    expect(page('main').text()).toContain('u•••@example.com');
    expect(page('main').text()).toContain('Contracts');
    expect(
      page('form[method=post] button')
        .map((_at, one) => page(one).text())
        .get(),
    ).toEqual(['Unsubscribe', 'Unsubscribe from all emails']);
    expect(await suppressed()).toEqual([]);
  });

  it('unsubscribes, undoes it, and unsubscribes from everything', async () => {
    await tell('approval_request');
    const url = headerLink();
    expect(await heading(await press(url, 'unsubscribe'))).toBe('You are unsubscribed');
    expect(await heading(await get(url))).toBe('You are unsubscribed');
    expect(await heading(await press(url, 'resubscribe'))).toBe('You are subscribed again');
    expect(await suppressed()).toEqual([]);
    expect(await heading(await press(url, 'unsubscribe_from_all'))).toBe(
      'You are unsubscribed from everything',
    );
    expect((await tell('mention')).plan.channels.email).toEqual(stopped);
    await press(url, 'resubscribe');
    expect((await tell('mention')).status).toBe('sent');
  });

  it('does not take back what others stopped', async () => {
    await tell('approval_request');
    const url = headerLink();
    await engine.call('POST', '/v1/suppressions', { channel: 'email', address });
    await press(url, 'resubscribe');
    expect(await suppressed()).toMatchObject([{ reason: 'manual' }]);
  });

  it('speaks the person’s language, else the browser’s', async () => {
    await tell('approval_request');
    const unknown = headerLink();
    expect(await heading(await get(unknown, 'de, fr-FR;q=0.8, en;q=0.5'))).toBe(
      'Ne plus recevoir ces e-mails ?',
    );
    expect(await heading(await get(unknown, 'de'))).toBe('Stop these emails?');
    await engine.call('PATCH', `/v1/subscribers/${id}`, { locale: 'fr' });
    await tell('approval_request', { to: { recipient: id } });
    expect(await heading(await get(headerLink(), 'en'))).toBe('Ne plus recevoir ces e-mails ?');
  });

  it('escapes what tenant and caller chose', async () => {
    await engine.call('PATCH', '/v1/tenant', { name: '<b>Acme & "Co"</b>' });
    await tell('approval_request');
    const page = load(await (await get(headerLink())).text());
    expect(page('main .brand').text()).toBe('<b>Acme & "Co"</b>');
    expect(page('main b')).toHaveLength(0);
    await engine.call('PATCH', '/v1/tenant', { name: 'Acme' });
  });
});

describe('a link that was not made here', () => {
  it('answers 404, whatever was changed about it, and changes nothing', async () => {
    await tell('approval_request');
    const url = headerLink();
    const [base = '', token = ''] = url.split('/u/');
    const [tenant = '', sealed = ''] = token.split('.');
    const other = await engine.call('POST', '/v1/tenants', { id: `${tenant}-b`, name: 'B' });
    expect([201, 409]).toContain(other.status);
    const middle = Math.floor(sealed.length / 2);
    const flipped = sealed[middle] === 'A' ? 'B' : 'A';
    const forged = [
      `${tenant}-b.${sealed}`,
      `${tenant}.${sealed.slice(0, middle)}${flipped}${sealed.slice(middle + 1)}`,
      `${tenant}.${sealed.slice(0, -3)}`,
      `${tenant}.${sealed}AAAA`,
      `${tenant}.`,
      sealed,
      'x',
      `${tenant}.${'A'.repeat(5000)}`,
    ];
    for (const one of forged) {
      for (const answer of [await fetch(`${base}/u/${one}`), await oneClick(`${base}/u/${one}`)]) {
        expect([one, answer.status, answer.headers.get('content-type')]).toEqual([
          one,
          404,
          'text/html; charset=utf-8',
        ]);
        expect(await answer.text()).toContain('This link does not work');
      }
    }
    expect(await suppressed()).toEqual([]);
  });

  it('is refused with a form that is none, is too large, or asks for something unknown', async () => {
    await tell('approval_request');
    const url = headerLink();
    const statusOf = async (answer: Promise<Response>) => (await answer).status;
    expect(await statusOf(press(url, 'explode'))).toBe(400);
    expect(await statusOf(post(url, '{}', { 'content-type': 'application/json' }))).toBe(400);
    expect(await statusOf(post(url, 'x', { 'content-type': 'multipart/form-data' }))).toBe(400);
    expect(await statusOf(post(url, new URLSearchParams({ a: 'x'.repeat(10_000) })))).toBe(413);
    expect(await suppressed()).toEqual([]);
  });
});

describe('without a public address', () => {
  it('a mail has no link to unsubscribe', async () => {
    const own = await startChecked();
    try {
      await run(own, {
        type: 'approval_request',
        to: { recipient: { id: 'u-1', email: 'u-1@example.com' } },
        channels: ['email'],
      });
      expect(own.smtp.mails).toHaveLength(1);
      expect(own.smtp.mails[0]?.raw).not.toMatch(/unsubscribe/i);
    } finally {
      await own.stop();
    }
  });
});
