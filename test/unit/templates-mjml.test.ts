import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import type { MailSource } from '../../contracts/templates.js';
import { compileLayout, compileMail, type CompiledMail } from '../../templates/compile-template.js';
import { mjmlRuns, runMjml } from '../../templates/mjml-thread.js';
import { SourceError } from '../../templates/source-error.js';
import { noParts, partsOf, renderCompiled, renderMail } from './templates-fixtures.js';

const subject = 'News';
const compile = async (source: Partial<MailSource>, parts = noParts): Promise<CompiledMail> =>
  (await compileMail({ subject, ...source }, parts)).texts;

/** What is told of a source: path and message of each problem. */
async function problems(source: Partial<MailSource>, parts = noParts): Promise<string[]> {
  const error: unknown = await compile(source, parts).catch((thrown: unknown) => thrown);
  if (!(error instanceof SourceError)) throw new Error('compiled, or failed otherwise', { cause: error });
  expect(error.code).toBe('unprocessable');
  return (error.errors ?? []).map(({ path, message }) => `${path}: ${message}`);
}

/** A whole mail, whose line 5 is the first of `column`. */
const whole = (column: string) => `<mjml>
<mj-body>
<mj-section>
<mj-column>
${column}
</mj-column>
</mj-section>
</mj-body>
</mjml>`;

describe('MJML', () => {
  it('is HTML once it is compiled, and its Liquid is as it was, wherever it stands', async () => {
    const { html = '' } = await compile({
      mjml: whole(`<mj-text color="{{ tenant.branding.primaryColor | default: '#123456' }}">{{ a < b }} {% if a <b %}x{% endif %}</mj-text>
<mj-button href="{{ "https://x.example/?a=1&b=" | append: id }}">Go</mj-button>`),
    });
    expect(html).toContain(`color:{{ tenant.branding.primaryColor | default: '#123456' }}`);
    expect(html).toContain('{{ a < b }} {% if a <b %}x{% endif %}');
    expect(html).toContain(`href="{{ "https://x.example/?a=1&b=" | append: id }}"`);
    expect(html).not.toContain('<mj');
    expect(html).not.toMatch(/fonts\.googleapis/);
  });

  it('keeps Liquid’s tags that stand between its elements', async () => {
    const mjml = `<mjml>{% assign x = 1 %}<mj-body>
      {% for item in items %}<mj-section>{% if item.ok %}<mj-column><mj-text>[{{ item.name }}]</mj-text>
      {% if item.more %}<mj-text>{more}</mj-text>{% endif %}</mj-column>{% endif %}</mj-section>{% endfor %}
    </mj-body></mjml>`;
    const { html } = await renderMail(
      { subject, mjml },
      {
        items: [
          { ok: true, name: 'A' },
          { ok: false, name: 'B' },
          { ok: true, name: 'C', more: 1 },
        ],
      },
    );
    expect(load(html).text().replace(/\s+/g, '')).toContain('[A][C]{more}');
  });

  it.each([
    ['<mj-txt>x</mj-txt>', "source.mjml: line 5: mj-txt: Element mj-txt doesn't exist or is not registered"],
    [
      '\n<mj-text font-size="big">x</mj-text>',
      'source.mjml: line 6: mj-text: Attribute font-size has invalid value: big for type Unit, only accepts (px) units and 1 value(s)',
    ],
    [
      '\n\n<mj-image width="{{ w }}px" src="x" />',
      'source.mjml: line 7: mj-image: Attribute width has invalid value: {{ w }}px for type Unit, only accepts (px) units and 1 value(s)',
    ],
    [
      '<mj-section></mj-section>',
      'source.mjml: line 5: mj-section: mj-section cannot be used inside mj-column, only inside: mj-attributes, mj-body, mj-wrapper',
    ],
    [
      '<mj-text>\n{% raw %}\n<b>{% endraw %}\n</mj-text>\n<mj-txt/>',
      "source.mjml: line 9: mj-txt: Element mj-txt doesn't exist or is not registered",
    ],
    ['\n<mj-text>x', 'source.mjml: line 6: <mj-text> is not closed'],
    ['<mj-text>x</mj-text></mj-text>', 'source.mjml: line 4: <mj-column> is not closed before </mj-text>'],
    ['\nHello', 'source.mjml: line 6: "Hello" stands between elements: put it into mj-text or mj-raw'],
    ['{{ name }}', 'source.mjml: line 5: "{{…}}" stands between elements: put it into mj-text or mj-raw'],
    [
      '<mj-include path="/etc/passwd" />',
      "source.mjml: line 5: mj-include is not there: use {% include 'name' %}",
    ],
    ['<mj-text css-class="x>y</mj-text>', 'source.mjml: line 5: <mj-text has no ">"'],
    ['<!-- x', 'source.mjml: line 5: the comment is not closed'],
    ['\n<mj-text>{% if x %}</mj-text>', 'source.mjml: line 6: tag {% if x %} not closed'],
    ['<mj-text>\n{{ x | nosuch }}</mj-text>', 'source.mjml: line 6: undefined filter: nosuch'],
    ['<mj-text>{% nosuch %}</mj-text>', 'source.mjml: line 5: tag "nosuch" not found'],
  ])('%j is refused with its line', async (column, told) => {
    expect(await problems({ mjml: whole(column) })).toEqual([told]);
  });

  it('tells everything that is wrong with it at once', async () => {
    expect(await problems({ mjml: whole('<mj-a/>\n<mj-b/>') })).toHaveLength(2);
    expect(await problems({ mjml: whole('<mj-a/>'.repeat(100)) })).toHaveLength(20);
  });

  it('that is none is refused', async () => {
    expect(await problems({ mjml: '<mjml>' })).toEqual(['source.mjml: line 1: <mjml> is not closed']);
    expect(await problems({ mjml: '<mjml></mjml>' })).toEqual([expect.stringMatching(/^source\.mjml: /)]);
  });

  it('that makes too much is refused', async () => {
    const wide = whole(`<mj-text>${'x'.repeat(1000)}</mj-text>`.repeat(450));
    expect(await problems({ mjml: wide })).toEqual([
      'source.mjml: makes more than 500000 characters of HTML',
    ]);
    const deep = `<mjml><mj-body>${'<mj-wrapper>'.repeat(5000)}${'</mj-wrapper>'.repeat(5000)}</mj-body></mjml>`;
    expect(await problems({ mjml: deep })).toEqual([expect.stringMatching(/^source\.mjml: /)]);
  });

  it('that takes too long is stopped, and the next is compiled', async () => {
    const long = runMjml(whole('<mj-text>x</mj-text>'.repeat(1500)), 20);
    const next = runMjml(whole('<mj-text>y</mj-text>'));
    await expect(long).rejects.toThrow('takes too long to compile');
    expect((await next).html).toContain('y');
  });
});

describe('a mail’s text', () => {
  const mjml = whole(`<mj-text>Dear {{ name }},</mj-text>{% if more %}<mj-text>more</mj-text>{% endif %}
    <mj-table>{% for fact in facts %}<tr><td>{{ fact }}</td></tr>{% endfor %}</mj-table>
    <mj-button href="{{ url }}">Open it</mj-button>`);

  it('is made of its MJML once, and not of every mail', async () => {
    const { derivedText = '' } = await compile({ mjml });
    expect(derivedText).toContain('Open it ({{ url }})');
    const { text, html } = await renderMail(
      { subject, mjml },
      { name: '<Ann>', facts: ['A', 'B'], url: 'https://x.example' },
    );
    expect(text.split('\n').filter(Boolean)).toEqual([
      'Dear <Ann>,',
      'A',
      'B',
      'Open it (https://x.example)',
    ]);
    expect(html).toContain('Dear &lt;Ann&gt;,');
  });

  it('is the author’s where there is one', async () => {
    const { text } = await renderMail(
      { subject, mjml, text: 'Dear {{ name }}\n\n\n\n--' },
      { name: '<Ann>' },
    );
    expect(text).toBe('Dear <Ann>\n\n\n\n--');
  });

  it('is made of each mail where a variable brings HTML of its own', async () => {
    const html = '<p>{{ body | raw }}</p>';
    expect((await compile({ html })).derivedText).toBeUndefined();
    expect((await renderMail({ subject, html }, { body: '<b>bold</b>' })).text).toBe('bold');
  });

  it('is made of HTML likewise', async () => {
    const html = '<h1>{{ a }}</h1>{% if b %}<p>{{ b }}</p>{% endif %}';
    expect((await renderMail({ subject, html }, { a: 'A & B' })).text).toBe('A & B');
  });
});

describe('a layout', () => {
  const layout = `<mjml><mj-head><mj-attributes><mj-text color="#ff0000" /></mj-attributes></mj-head><mj-body>
<mj-section><mj-column><mj-text>ABOVE {{ tenant.name }} {{ mail.subject }}</mj-text></mj-column></mj-section>
{{ content }}
<mj-section><mj-column><mj-text>BELOW</mj-text></mj-column></mj-section></mj-body></mjml>`;
  const shown = (html: string) => load(html)('body').text().replace(/\s+/g, ' ').trim();

  it('is around MJML that is only a part of a mail', async () => {
    const parts = partsOf({ 'layout default': layout, 'layout other': layout.replace('ABOVE', 'OTHER') });
    const section = '<mj-section><mj-column><mj-text>{{ x }}</mj-text></mj-column></mj-section>';
    const mail = async (source: Partial<MailSource>) =>
      shown((await renderMail({ subject, ...source }, { x: 'X' }, parts)).html);
    expect(await mail({ mjml: section })).toBe('ABOVE Northwind News X BELOW');
    expect(await mail({ mjml: '<mj-text>{{ x }}</mj-text>' })).toBe('ABOVE Northwind News X BELOW');
    expect(await mail({ mjml: section, layout: 'other' })).toBe('OTHER Northwind News X BELOW');
    expect(await mail({ text: 'Only {{ x }}' })).toMatch(/^ABOVE Northwind News .*Only X Open BELOW$/);
    expect(await mail({ html: '<p>{{ x }}</p>' })).toBe('X');
    expect(await mail({ mjml: whole('<mj-text>{{ x }}</mj-text>') })).toBe('X');
  });

  it('is Carillon’s own where the tenant has none', async () => {
    const { html, text } = await renderMail({ subject, mjml: '<mj-text>{{ x }}</mj-text>' }, { x: '<X>' });
    expect(shown(html)).toMatch(/^Northwind <X> You get this mail because .*Stop these mails$/);
    expect(html).toContain('<title>News</title>');
    expect(text).toContain('https://n.example/u/abc');
  });

  it('tells which text an error is of', async () => {
    const parts = partsOf({ 'layout default': layout });
    expect(await problems({ mjml: '<mj-text>a</mj-text>\n<mj-nosuch/>' }, parts)).toEqual([
      "source.mjml: line 2: mj-nosuch: Element mj-nosuch doesn't exist or is not registered",
    ]);
    const bad = partsOf({ 'layout default': layout.replace('<mj-text>BELOW', '<mj-text x="y">BELOW') });
    expect(await problems({ mjml: '<mj-text>a</mj-text>' }, bad)).toEqual([
      'source.mjml: line 4 of layout default: mj-text: Attribute x is illegal',
    ]);
    expect(await problems({ mjml: '<mj-text>a</mj-text>', layout: 'gone' }, parts)).toEqual([
      'source.layout: there is no published layout "gone"',
    ]);
  });

  it.each([
    [
      '<mjml><mj-body></mj-body></mjml>',
      'source.mjml: needs {{ content }} once, where the mail goes: it is there 0 times',
    ],
    [
      '<mjml><mj-body>{{ content }}\n{{content}}</mj-body></mjml>',
      'source.mjml: line 2: needs {{ content }} once, where the mail goes: it is there 2 times',
    ],
    ['<mj-section>{{ content }}</mj-section>', 'source.mjml: line 1: needs <mjml> around it'],
    [
      '<mjml><mj-body>\n<mj-section>{{ content }}</mj-section></mj-body></mjml>',
      expect.stringContaining('mj-wrapper cannot be used inside mj-section'),
    ],
  ])('%s is refused', async (mjml, told) => {
    const error: unknown = await compileLayout({ mjml }, noParts).catch((thrown: unknown) => thrown);
    expect((error as SourceError).errors?.map(({ path, message }) => `${path}: ${message}`)).toEqual([told]);
  });
});

it('is compiled with the template, and not with any mail', async () => {
  const { texts } = await compileMail({ subject, mjml: whole('<mj-text>{{ x }}</mj-text>') }, noParts);
  const before = mjmlRuns();
  for (const x of ['A', 'B', 'C']) {
    expect((await renderCompiled(texts, { x })).html).toContain(x);
  }
  expect(mjmlRuns()).toBe(before);
});
