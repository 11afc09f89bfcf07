import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import { builtInTypes } from '../../templates/built-in-types.js';
import { textLocales } from '../../templates/locales.js';
import { mapTexts } from '../../templates/map-texts.js';
import { render } from '../../templates/render.js';
import { contextOf, exampleOf, typeNamed } from './templates-fixtures.js';

const attack =
  `</td></title></style>--><script>alert(1)</script><img src=x onerror="alert(1)">` +
  `' onmouseover='x' " style="x" {{ tenant.id }}{% assign a = 1 %}<![endif]--> &lt;b&gt; javascript:x`;

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const controls = '\r\nBcc: all@example.com\u0000\u0007\u001b[31m\t\u0085\u2028\u2029\u202eevil\u2066';

const cases = builtInTypes
  .filter((type) => !type.contentRequired)
  .flatMap((type) => textLocales.map((locale) => ({ type, locale, name: type.name })));

describe.each(cases)('$name in $locale', ({ type, locale }) => {
  it('keeps markup in the variables out of the structure of the mail', async () => {
    const [calm, hostile] = await Promise.all(
      ['calm', attack].map((word) =>
        render({ type, channel: 'email', locale, context: everyText(type.name, word) }),
      ),
    );
    expect(skeleton(hostile?.html ?? '')).toEqual(skeleton(calm?.html ?? ''));
    expect(load(hostile?.html ?? '').text()).toContain('<script>alert(1)</script>');
  });

  it('has one clean line for a subject or title, whatever the variables hold', async () => {
    const context = everyText(type.name, controls);
    const { subject, text } = await render({ type, channel: 'email', locale, context });
    const { title, message } = await render({ type, channel: 'in_app', locale, context });
    const push = await render({ type, channel: 'push', locale, context });
    for (const line of [subject, title, push.title]) expect(line).not.toMatch(CONTROL);
    for (const block of [text, message])
      expect(block.replace(/[\n\t\u202e\u2066]/g, '')).not.toMatch(CONTROL);
  });

  it('cuts what is too long', async () => {
    const context = everyText(type.name, 'x😀'.repeat(8000));
    const { subject, html } = await render({ type, channel: 'email', locale, context });
    const { title, message } = await render({ type, channel: 'in_app', locale, context });
    expect(subject.length).toBeLessThanOrEqual(200);
    expect(title.length).toBeLessThanOrEqual(255);
    expect(message.length).toBeLessThanOrEqual(10_000);
    for (const text of [subject, title, message])
      expect(text).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    expect(html.length).toBeLessThan(102_000);
  });

  it('is not led astray by data of another shape', async () => {
    for (const odd of [null, 7, true, [], ['a'], {}, { name: { deep: 1 } }, { title: null }]) {
      const data = Object.fromEntries(Object.keys(exampleOf(type.name)).map((key) => [key, odd]));
      const { subject } = await render({ type, channel: 'email', locale, context: contextOf(data) });
      expect(subject).not.toBe('');
    }
  });
});

it('lets no field of data stand in for Carillon’s own variables', async () => {
  const forged = {
    tenant: { name: 'Forged' },
    recipient: 'x',
    notification: { actionUrl: 'https://evil.example' },
  };
  const context = contextOf(forged);
  const content = { sms: { text: '{{ tenant.name }} {{ recipient.id }} {{ notification.actionUrl }}' } };
  const { text } = await render({
    type: typeNamed('direct'),
    channel: 'sms',
    locale: 'en',
    content,
    context,
  });
  expect(text).toBe('Northwind u-42 https://app.example/contracts/c-1');
});

it('reads own properties only', async () => {
  const content = {
    sms: { text: '[{{ constructor }}{{ x.constructor.name }}{{ x.__proto__ }}{{ toString }}]' },
  };
  const context = contextOf({ x: { a: 1 } });
  const { text } = await render({
    type: typeNamed('direct'),
    channel: 'sms',
    locale: 'en',
    content,
    context,
  });
  expect(text).toBe('[]');
});

/** A context in which every text that comes from outside is `word`, but for dates and links. */
function everyText(typeName: string, word: string) {
  const data = mapTexts(exampleOf(typeName), (text, path) => (/At$/.test(path) ? text : word));
  const context = contextOf(data as Record<string, unknown>, word);
  context.actor = { id: word, name: word };
  return context;
}

/** Every element with its attributes' names and its link, and every comment: the mail as a browser sees it, less its texts. */
function skeleton(html: string): string[] {
  const $ = load(html);
  const comments = $('*')
    .contents()
    .filter((_index, node) => node.nodeType === 8)
    .map((_index, node) => String((node as { data?: string }).data));
  const elements = $('*').map((_index, element) => {
    const attributes = $(element).attr() ?? {};
    return [$(element).prop('tagName'), ...Object.keys(attributes), attributes.href].join(' ');
  });
  return [...elements.get(), ...comments.get()];
}
