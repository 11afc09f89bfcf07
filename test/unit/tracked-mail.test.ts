import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import { trackedMail } from '../../activities/tracked-mail.js';
import { trackingUrls } from '../../activities/tracking-urls.js';
import type { EmailMessage } from '../../contracts/messages.js';
import type { Preferences } from '../../contracts/preferences.js';
import { TrackingTokens } from '../../models/tracking-tokens.js';
import { aTenant, aType, wants } from './policy-facts.js';

const tokens = new TrackingTokens({ purposeKey: () => Promise.resolve(Buffer.alloc(32, 7)) });
const urls = trackingUrls('https://notify.example/', tokens);
if (!urls) throw new Error('no URLs');
const trackingOf = urls;

const unsubscribeUrl = 'https://notify.example/u/acme.abc';
const mail = (html: string): EmailMessage => ({
  channel: 'email',
  to: 'ann@example.com',
  subject: 'Hi',
  text: 'Hi',
  html,
  unsubscribeUrl,
});

interface Settings {
  tracking?: { opens: boolean; clicks: boolean };
  type?: Parameters<typeof aType>[0];
  wanted?: Partial<Preferences>;
  data?: Record<string, unknown>;
}
async function tracked(
  html: string,
  { tracking = { opens: true, clicks: true }, type = {}, wanted = {}, data = {} }: Settings = {},
): Promise<string> {
  const facts = { tenant: { ...aTenant(), tracking }, type: aType(type), preferences: wants(wanted) };
  const subject = { facts, trigger: { data } } as unknown as Parameters<typeof trackedMail>[2];
  return (await trackedMail(mail(html), 'ntf_1', subject, trackingOf)).html ?? '';
}
/** Where the links of a mail lead in the end. */
async function targets(html: string): Promise<string[]> {
  const links = load(html)('a')
    .toArray()
    .map(({ attribs }) => attribs.href ?? '');
  return Promise.all(
    links.map(async (href) => {
      const [, token] = /^https:\/\/notify\.example\/t\/c\/(.+)$/.exec(href) ?? [];
      if (token === undefined) return `plain ${href}`;
      const read = await tokens.readClick(token);
      expect(read).toMatchObject({ deliveryId: 'ntf_1-email' });
      return `tracked ${read?.url}`;
    }),
  );
}

describe('a tracked mail', () => {
  it('has an image of one pixel at its end, which names the delivery', async () => {
    const html = await tracked('<html><body><p>Hi</p></body></html>');
    const image = load(html)('body > img:last-child');
    const token = image.attr('src')?.replace('https://notify.example/t/o/', '') ?? '';
    expect(await tokens.readOpen(token)).toMatchObject({ deliveryId: 'ntf_1-email' });
    expect(html.endsWith('</body></html>')).toBe(true);
    expect(await tracked('Hi')).toMatch(/^Hi<img /);
  });

  it('has its links lead by way of Carillon to where they led', async () => {
    const html = [
      '<a href="https://a.example/?x=1&amp;y=%C3%A9#z">a</a>',
      `<a class="b" target=_blank\n href='https://b.example/it&#39;s'>b</a>`,
      '<A HREF = "http://c.example">c</A>',
    ].join('');
    expect(await targets(await tracked(html))).toEqual([
      'tracked https://a.example/?x=1&y=%C3%A9#z',
      "tracked https://b.example/it's",
      'tracked http://c.example',
    ]);
  });

  it.each([
    ['to unsubscribe', unsubscribeUrl],
    ['to unsubscribe from something else', 'https://notify.example/u/acme.other'],
    ['to write a mail', 'mailto:a@b.example'],
    ['to a place within the mail', '#top'],
    ['to a script', 'javascript:alert(1)'],
    ['that is a path', '/contracts/1'],
    ['that is too long', `https://a.example/${'x'.repeat(2100)}`],
    ['that is none', 'https://'],
  ])('leaves a link %s as it is', async (_what, href) => {
    const html = `<a href="${href}">x</a>`;
    expect(await targets(await tracked(html))).toEqual([`plain ${href}`]);
  });

  it('leaves links as they are in which a sensitive variable stands', async () => {
    const html = '<a href="https://a.example/join?t=s%2F3cret">a</a><a href="https://a.example">b</a>';
    const data = { invitation: { token: 's/3cret' }, code: 'ab' };
    const type = { sensitive: ['invitation.token', 'code'] };
    expect(await targets(await tracked(html, { data, type }))).toEqual([
      'plain https://a.example/join?t=s%2F3cret',
      'tracked https://a.example',
    ]);
  });

  const html = '<body><a href="https://a.example">a</a></body>';
  it.each<[string, Settings]>([
    ['nobody asked for it', { tracking: { opens: false, clicks: false } }],
    ['the person does not want it', { wanted: { tracking: false } }],
    ['its type is critical', { type: { critical: true } }],
    ['it resets a password', { type: { name: 'password_reset' } }],
    ['it warns of somebody’s login', { type: { name: 'security_alert' } }],
  ])('is left as it is where %s', async (_why, settings) => {
    expect(await tracked(html, settings)).toBe(html);
  });

  it('has only what its tenant asked for', async () => {
    expect(await tracked(html, { tracking: { opens: true, clicks: false } })).toContain(
      'href="https://a.example"',
    );
    expect(await tracked(html, { tracking: { opens: false, clicks: true } })).not.toContain('<img');
  });

  it('is made at once of hostile HTML', async () => {
    const hostile = [
      '<a '.repeat(100_000),
      `<a ${'x '.repeat(200_000)}`,
      '<a href='.repeat(50_000),
      '</body'.repeat(50_000),
    ];
    const begin = performance.now();
    for (const one of hostile) await tracked(one);
    expect(performance.now() - begin).toBeLessThan(1_000);
  });
});

describe('a token of a link', () => {
  it('is none of a pixel, of another tenant, or changed', async () => {
    const writer = await tokens.writer('acme');
    const token = writer.click('ntf_1-email', 'https://a.example');
    expect(await tokens.readClick(token)).toEqual({
      tenantId: 'acme',
      deliveryId: 'ntf_1-email',
      url: 'https://a.example',
    });
    expect(await tokens.readOpen(token)).toBeUndefined();
    expect(await tokens.readClick(writer.open('ntf_1-email'))).toBeUndefined();
    expect(await tokens.readClick(token.replace('acme', 'other'))).toBeUndefined();
    expect(await tokens.readClick(token.slice(0, -2))).toBeUndefined();
    expect(await tokens.readClick(`${token}${'A'.repeat(10_000)}`)).toBeUndefined();
  });
});
