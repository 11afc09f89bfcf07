import { describe, expect, it } from 'vitest';
import { compileMail, compilePartial, compileTexts } from '../../templates/compile-template.js';
import { SourceError } from '../../templates/source-error.js';
import { noParts, partsOf, renderMail } from './templates-fixtures.js';

const sms = async (text: string, parts = noParts) => (await compileTexts({ text }, parts)).texts.text;

async function refused(compiling: Promise<unknown>): Promise<string[]> {
  const error: unknown = await compiling.catch((thrown: unknown) => thrown);
  if (!(error instanceof SourceError)) throw new Error('compiled, or failed otherwise', { cause: error });
  return (error.errors ?? []).map(({ path, message }) => `${path}: ${message}`);
}

describe('partials', () => {
  const parts = partsOf({
    'partial sign': '-- {{ tenant.name }}',
    'partial footer': `{% include "sign" %}!`,
    'partial button': '<mj-button href="{{ url }}">Go</mj-button>',
    'partial bad': 'one\n{{ x | nosuch }}',
    'partial mjml': '<mj-text>a</mj-text>\n<mj-nosuch />',
  });

  it('are in the text once it is compiled, with those that they include themselves', async () => {
    const { texts, uses } = await compileTexts({ text: `Hi {%- include 'footer' -%}` }, parts);
    expect(texts.text).toBe('Hi -- {{ tenant.name }}!');
    expect(uses.map(({ name }) => name)).toEqual(['footer', 'sign']);
  });

  it('are in every text of a webhook’s body', async () => {
    const source = { body: { a: [`{% include 'sign' %}`, 3], b: { c: `{% include 'sign' %}?` } } };
    expect((await compileTexts(source, parts)).texts).toEqual({
      body: { a: ['-- {{ tenant.name }}', 3], b: { c: '-- {{ tenant.name }}?' } },
    });
  });

  it('are in MJML before it is compiled, and see the variables around them', async () => {
    const mjml = `{% assign url = "https://x.example/" | append: id %}{% include 'button' %}`;
    const { html } = await renderMail({ subject: 'x', mjml }, { id: '7' }, parts);
    expect(html).toContain('href="https://x.example/7"');
  });

  it.each([
    [`x\n{% include 'gone' %}`, 'source.text: line 2: there is no published partial "gone"'],
    ['{% include name %}', "source.text: line 1: include takes one name in quotes: {% include 'footer' %}"],
    [
      "{% include 'sign', a: 1 %}",
      "source.text: line 1: include takes one name in quotes: {% include 'footer' %}",
    ],
    ["\n\n{% include 'bad' %}", 'source.text: line 2 of partial bad: undefined filter: nosuch'],
    ["{% render 'sign' %}", 'source.text: line 1: tag "render" not found'],
  ])('%j is refused', async (text, told) => {
    expect(await refused(sms(text, parts))).toEqual([told]);
  });

  it('tell their own line where MJML refuses them', async () => {
    const mjml = `<mj-text>x</mj-text>\n\n{% include 'mjml' %}`;
    expect(await refused(compileMail({ subject: 'x', mjml }, parts))).toEqual([
      "source.mjml: line 2 of partial mjml: mj-nosuch: Element mj-nosuch doesn't exist or is not registered",
    ]);
  });

  it('that include themselves are refused, however they do it', async () => {
    const circle = partsOf({
      'partial a': `{% include 'b' %}`,
      'partial b': `\n{% include 'c' %}`,
      'partial c': `{% include 'a' %}`,
    });
    const told = 'includes itself: a → b → c → a';
    expect(await refused(sms(`{% include 'a' %}`, circle))).toEqual([
      `source.text: line 1 of partial c: ${told}`,
    ]);
    expect(await refused(compilePartial('a', `{% include 'b' %}`, circle))).toEqual([
      `source.text: line 1 of partial c: ${told}`,
    ]);
    expect(await refused(compilePartial('d', `{% include 'd' %}`, circle))).toEqual([
      'source.text: line 1: includes itself: d → d',
    ]);
  });

  it('that go too deep or grow too long are refused', async () => {
    const chain = partsOf(
      Object.fromEntries(
        Array.from({ length: 9 }, (_, at) => [`partial p${at}`, `{% include 'p${at + 1}' %}`]),
      ),
    );
    expect(await refused(sms(`{% include 'p0' %}`, chain))).toEqual([
      'source.text: line 1 of partial p4: partials are more than 5 deep',
    ]);
    const bomb = partsOf(
      Object.fromEntries(
        Array.from({ length: 5 }, (_, at) => [
          `partial p${at}`,
          at === 4 ? 'x'.repeat(1000) : `{% include 'p${at + 1}' %}`.repeat(20),
        ]),
      ),
    );
    expect(await refused(sms(`{% include 'p0' %}`, bomb))).toEqual([
      'source.text: is longer than 500000 characters with its partials',
    ]);
  });
});

it('refuses thousands of tags', async () => {
  expect(await refused(sms('{{ x }}'.repeat(6000)))).toEqual([
    'source.text: holds more than 5000 placeholders and tags',
  ]);
});
