import { load } from 'cheerio';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ChannelName } from '../../contracts/channels.js';
import { notificationType } from '../../contracts/notification-types.js';
import type { Content } from '../../contracts/trigger.js';
import { compileMail, type CompiledMail } from '../../templates/compile-template.js';
import { render } from '../../templates/render.js';
import { TemplateCache, type LoadedTemplate, type StoredVersion } from '../../templates/template-cache.js';
import { withSensitiveMasked } from '../../templates/sensitive.js';
import {
  contextOf,
  exampleOf,
  loaded,
  noParts,
  partsOf,
  renderCompiled,
  typeNamed,
} from './templates-fixtures.js';

const attack =
  `</td></title></style>--><script>alert(1)</script><img src=x onerror="alert(1)">` +
  `' onmouseover='x' " style="x" {{ tenant.id }}{% assign a = 1 %}<![endif]--> &lt;b&gt; javascript:x`;

describe('a tenant’s mail', () => {
  let texts: CompiledMail;
  beforeAll(async () => {
    const mjml = `<mjml><mj-head><mj-title>{{ a }}</mj-title><mj-preview>{{ a }}</mj-preview></mj-head><mj-body>
      <mj-section background-color="{{ a }}"><mj-column>
      <mj-text>{{ a }}</mj-text>{% for item in list %}<mj-text>{{ item.a }}</mj-text>{% endfor %}
      <mj-image src="{{ a }}" alt="{{ a }}" title="{{ a }}" />
      <mj-button href="{{ a }}">{{ a | upcase }}</mj-button></mj-column></mj-section></mj-body></mjml>`;
    ({ texts } = await compileMail({ subject: '{{ a }}', mjml }, noParts));
  });

  it('keeps markup in the variables out of its structure', async () => {
    const [calm, hostile] = await Promise.all(
      ['calm', attack].map((a) => renderCompiled(texts, { a, list: [{ a }, { a }] })),
    );
    expect(skeleton(hostile?.html ?? '')).toEqual(skeleton(calm?.html ?? ''));
    expect(load(hostile?.html ?? '')('body').text()).toContain('<script>alert(1)</script>');
    expect(hostile?.text).toContain('<script>alert(1)</script>');
  });

  it('has one clean line for its subject', async () => {
    const { subject } = await renderCompiled(texts, { a: 'x\r\nBcc: all@example.com\u202e' });
    expect(subject).toBe('x Bcc: all@example.com');
  });

  it('reads own properties only', async () => {
    const { texts: prying } = await compileMail(
      { subject: 'x{{ a.constructor.name }}{{ a.__proto__ }}{{ mail.constructor }}', text: 'y' },
      noParts,
    );
    expect((await renderCompiled(prying, { a: {} })).subject).toBe('x');
  });
});

describe('a template that runs away', () => {
  const sms = (text: string) =>
    render({
      type: typeNamed('system'),
      channel: 'sms',
      locale: 'en',
      context: contextOf({ big: 'x'.repeat(60_000) }),
      template: loaded({ text }),
    });

  it.each([
    [
      '{% for i in (1..100000) %}{% for j in (1..100000) %}{% assign a = j %}{% endfor %}{% endfor %}',
      /render limit|memory/,
    ],
    ['{% for i in (1..200) %}{{ big }}{{ big }}{% endfor %}', /memory|more than/],
    [
      '{% assign a = "xxxxxxxxxx" %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}{{ a }}',
      /memory|more than/,
    ],
  ])('%s is stopped with an error', async (text, told) => {
    await expect(sms(text)).rejects.toThrow(told);
  });

  it('is refused at once after three times', async () => {
    const text = '{% for i in (1..3000) %}{% for j in (1..3000) %}{% assign a = j %}{% endfor %}{% endfor %}';
    const template: LoadedTemplate = loaded({ text });
    const write = () =>
      render({ type: typeNamed('system'), channel: 'sms', locale: 'en', context: contextOf({}), template });
    for (let time = 1; time <= 3; time += 1) await expect(write()).rejects.toThrow('limit exceeded');
    await expect(write()).rejects.toThrow('took too long too often');
  });
});

describe('what is sensitive', () => {
  it('may be masked in place of being left out', () => {
    const given = {
      price: 9,
      deal: { value: 1, title: 'shown' },
      lines: [{ cost: { a: 2 }, what: 'shown' }, 'odd'],
    };
    expect(withSensitiveMasked(given, ['price', 'deal.value', 'lines.cost', 'nothing'])).toEqual({
      price: '•••',
      deal: { value: '•••', title: 'shown' },
      lines: [{ cost: '•••', what: 'shown' }, 'odd'],
    });
  });

  const type = notificationType.parse({
    name: 'offer',
    category: 'sales',
    sensitive: ['price', 'deal.value', 'lines.cost'],
  });
  const data = {
    price: 'SECRET',
    deal: { value: 'SECRET', title: 'shown' },
    lines: [{ cost: 'SECRET', what: 'shown' }, 'odd'],
  };
  const text = '{{ price }}{{ deal.value }}{{ lines[0].cost }} {{ deal.title }} {{ lines[0].what }}';
  const written = async (channel: ChannelName, own: boolean) => {
    const texts = {
      webhook: { body: { text } },
      email: { subject: text, text },
      push: { title: text, body: text },
      in_app: { title: text, message: text },
    }[channel as string] ?? { text };
    return JSON.stringify(
      await render({
        type,
        channel,
        locale: 'en',
        context: contextOf(data),
        ...(own ? { content: { [channel]: texts } as Content } : { template: loaded(texts) }),
      }),
    );
  };

  it.each(['webhook', 'slack', 'teams', 'x_pager'] as const)(
    'never reaches %s, whoever wrote the text',
    async (channel) => {
      for (const own of [true, false]) {
        expect(await written(channel, own)).not.toContain('SECRET');
        expect(await written(channel, own)).toContain('shown shown');
      }
    },
  );

  it.each(['email', 'sms', 'push', 'in_app', 'whatsapp'] as const)(
    'reaches the reader by %s',
    async (channel) => {
      expect(await written(channel, false)).toContain('SECRETSECRETSECRET');
    },
  );

  it('never reaches Slack in a built-in text either', async () => {
    const mention = { ...typeNamed('mention'), sensitive: Object.keys(exampleOf('mention')) };
    const { text: said } = await render({
      type: mention,
      channel: 'slack',
      locale: 'en',
      context: contextOf({ ...exampleOf('mention'), author: 'SECRET' }),
    });
    expect(said).not.toContain('SECRET');
  });
});

describe('languages', () => {
  const mail = async (locale: string, wanted: string) =>
    render({
      type: typeNamed('system'),
      channel: 'email',
      locale: wanted,
      template: loaded({ subject: '{{ at | long_date }}', text: 'x' }, locale),
      context: contextOf({ at: '2026-12-04' }),
    });

  it('has dates as its reader writes them, in the language of the text', async () => {
    expect((await mail('de', 'de-AT')).subject).toBe('Freitag, 4. Dezember 2026');
    expect((await mail('de', 'fr')).subject).toBe('Freitag, 4. Dezember 2026');
    expect((await mail('en', 'en-GB')).subject).toBe('Friday, 4 December 2026');
  });

  it('says which one it is in', async () => {
    expect((await mail('de', 'de-AT')).html).toContain('lang="de"');
    expect((await mail('fr-CA', 'fr')).html).toContain('Ouvrir');
  });
});

it('sets built-in texts, and callers’ text, in the tenant’s layout', async () => {
  const layout =
    '<mjml><mj-body><mj-section><mj-column><mj-text>ABOVE</mj-text></mj-column></mj-section>{{ content }}</mj-body></mjml>';
  const { texts } = await compileMail({ subject: 'x', text: 'x' }, partsOf({ 'layout default': layout }));
  const template = loaded({ layout: texts.layout }, 'en', 'layout');
  const context = contextOf(exampleOf('mention'));
  const request = { type: typeNamed('mention'), channel: 'email', locale: 'en', context, template } as const;
  const shown = (html: string) => load(html)('body').text().replace(/\s+/g, ' ');
  expect(shown((await render(request)).html)).toMatch(/ABOVE.*mentioned/);
  const content = { email: { subject: 'Own', text: 'own <words>' } };
  expect(shown((await render({ ...request, content })).html)).toMatch(/ABOVE.*own <words>/);
  const html = { email: { subject: 'Own', html: '<p>own</p>' } };
  expect((await render({ ...request, content: html })).html).toBe('<p>own</p>');
});

describe('versions that are used', () => {
  const stored: StoredVersion = {
    id: 'tpv_1',
    kind: 'type',
    channel: 'sms',
    locale: 'en',
    version: 1,
    compiled: '{"text":"Hi"}',
  };

  it('are read once, by many at the same time, and parsed once', async () => {
    const read: string[] = [];
    const cache = new TemplateCache({
      byId: (tenantId, id) => {
        read.push(`${tenantId} ${id}`);
        return Promise.resolve(stored);
      },
    });
    const [one, other] = await Promise.all([cache.get('t', 'tpv_1'), cache.get('t', 'tpv_1')]);
    expect(one).toBe(other);
    await cache.get('u', 'tpv_1');
    expect(read).toEqual(['t tpv_1', 'u tpv_1']);
    const place = { channel: 'sms', field: 'text', fromContent: false } as const;
    expect(one.parse('Hi', 'none', place)).toBe(other.parse('Hi', 'none', place));
  });

  it('are not said to be there when they are not', async () => {
    const cache = new TemplateCache({ byId: () => Promise.resolve(undefined) });
    await expect(cache.get('t', 'tpv_1')).rejects.toThrow('tpv_1');
  });
});

/** Every element with its attributes' names, and every comment: the mail as a browser sees it, less its texts. */
function skeleton(html: string): string[] {
  const $ = load(html);
  const comments = $('*')
    .contents()
    .filter((_index, node) => node.nodeType === 8)
    .map((_index, node) => String((node as { data?: string }).data).replace(/calm|&[^"]*?javascript:x/g, ''));
  const elements = $('*').map((_index, element) =>
    [$(element).prop('tagName'), ...Object.keys($(element).attr() ?? {})].join(' '),
  );
  return [...elements.get(), ...comments.get()];
}
