import { load } from 'cheerio';
import { describe, expect, it } from 'vitest';
import { CarillonError, errorStatus } from '../../contracts/errors.js';
import type { Content } from '../../contracts/trigger.js';
import { checkContent } from '../../templates/check-content.js';
import { render } from '../../templates/render.js';
import { TemplateError } from '../../templates/template-error.js';
import { contextOf, typeNamed } from './templates-fixtures.js';

const direct = typeNamed('direct');

function mail(email: Content['email'], data: Record<string, unknown> = {}) {
  return render({
    type: direct,
    channel: 'email',
    locale: 'en',
    content: { email },
    context: contextOf(data),
  });
}

function sms(text: string, data: Record<string, unknown> = {}) {
  const content = { sms: { text } };
  return render({ type: direct, channel: 'sms', locale: 'en', content, context: contextOf(data) });
}

describe('a mail in the caller’s words', () => {
  it('uses their HTML as it is, with the variables escaped', async () => {
    const html = '<p class="x">Hi {{ name }}, <b>{{ n }}</b> & more</p>';
    const sent = await mail({ subject: 'Hi {{ name }}', html }, { name: '<i>"Zoë"</i>', n: 3 });
    expect(sent.html).toBe('<p class="x">Hi &lt;i&gt;&#34;Zoë&#34;&lt;/i&gt;, <b>3</b> & more</p>');
    expect(sent.subject).toBe('Hi <i>"Zoë"</i>');
  });

  it('uses their text beside it', async () => {
    const sent = await mail({ subject: 's', html: '<p>a</p>', text: 'b {{ x }}' }, { x: '<&>' });
    expect(sent.text).toBe('b <&>');
  });

  it('derives a text from HTML alone', async () => {
    const html =
      '<html><head><title>t</title><style>a{}</style></head><body><h1>Hi {{ name }}</h1>' +
      '<p>See <a href="https://x.example/m">the menu</a><br>or call.</p><ul><li>one</li><li>two</li></ul>' +
      '<table><tr><td>cell</td></tr></table><img src="https://x.example/p.gif" alt="pixel"></body></html>';
    const { text } = await mail({ subject: 's', html }, { name: 'A & B' });
    expect(text).toMatch(/^Hi A & B\n/);
    expect(text).toContain('See the menu (https://x.example/m)\nor call.');
    expect(text).toMatch(/\* one\n\s*\* two/);
    expect(text).toContain('cell');
    expect(text).not.toMatch(/pixel|a\{\}|^t$/m);
  });

  it('sets text alone in the layout, escaped, by paragraphs, links left as text', async () => {
    const text = 'Hi {{ name }},\n\nline one\nline two https://x.example/?a=1&b=2';
    const sent = await mail({ subject: 's', text }, { name: '<b>Zoë</b>' });
    expect(sent.text).toBe(
      'Hi <b>Zoë</b>,\n\nline one\nline two https://x.example/?a=1&b=2' +
        '\n\n-- \nStop these mails: https://n.example/u/abc\n',
    );
    const $ = load(sent.html);
    expect($('.pad').length).toBe(2);
    expect($('.pad').first().text().trim()).toBe('Hi <b>Zoë</b>,');
    expect($('.pad').last().find('br').length).toBe(1);
    expect($('.pad a, .pad b').length).toBe(0);
    expect($('.button a').attr('href')).toBe('https://app.example/contracts/c-1');
  });

  it('never leaves the subject empty', async () => {
    expect((await mail({ subject: '{{ missing }}', text: 'x' })).subject).toBe('Northwind');
  });
});

describe('the caller’s words on other channels', () => {
  it('are filled as plain text', async () => {
    const content: Content = {
      in_app: { title: 'Hi\n{{ name }}', message: 'a\r\n{{ name }}\u0007' },
      push: { title: '{{ name }}', body: '{{ name }}' },
      slack: { text: '{{ name }}' },
      webhook: { body: { user: { name: '{{ name }}' }, list: ['{{ name }}', 3, null, true] } },
    };
    const request = { type: direct, locale: 'en', content, context: contextOf({ name: 'A & <B>' }) };
    expect(await render({ ...request, channel: 'in_app' })).toEqual({
      title: 'Hi A & <B>',
      message: 'a\nA & <B>',
    });
    expect(await render({ ...request, channel: 'push' })).toEqual({ title: 'A & <B>', body: 'A & <B>' });
    expect(await render({ ...request, channel: 'slack' })).toEqual({ text: 'A & <B>' });
    expect(await render({ ...request, channel: 'webhook' })).toEqual({
      body: { user: { name: 'A & <B>' }, list: ['A & <B>', 3, null, true] },
    });
  });

  it('give way to the type’s on a channel that they do not name', async () => {
    const content = { sms: { text: 'mine' } };
    const request = {
      type: typeNamed('system'),
      locale: 'en',
      content,
      context: contextOf({ title: 'Theirs' }),
    };
    expect(await render({ ...request, channel: 'sms' })).toEqual({ text: 'mine' });
    expect((await render({ ...request, channel: 'in_app' })).title).toBe('Theirs');
  });

  it('are an error where there are none and the type has none', async () => {
    const content = { sms: { text: 'mine' } };
    const request = {
      type: direct,
      channel: 'email' as const,
      locale: 'en',
      content,
      context: contextOf({}),
    };
    await expect(render(request)).rejects.toMatchObject({
      channel: 'email',
      field: null,
      path: 'content.email',
    });
  });
});

describe('a template that does not parse', () => {
  it.each<[string, Content, string, number | undefined]>([
    ['an open placeholder', { email: { subject: 'Hi {{ name', text: 'x' } }, 'content.email.subject', 1],
    ['an open block', { email: { subject: 's', html: '<p>\n{% if a %}</p>' } }, 'content.email.html', 2],
    [
      'an unknown filter',
      { in_app: { title: 'x', message: 'a\n\n{{ x | nope }}' } },
      'content.in_app.message',
      3,
    ],
    ['an unknown tag', { sms: { text: '{% nope %}' } }, 'content.sms.text', 1],
    ['a file to include', { sms: { text: '{% include "/etc/passwd" %}' } }, 'content.sms.text', 1],
    ['a file to render', { slack: { text: '{% render "x" %}' } }, 'content.slack.text', 1],
    ['a layout', { teams: { text: '{% layout "x" %}' } }, 'content.teams.text', 1],
    ['a webhook’s inner text', { webhook: { body: { a: [{ b: '{{' }] } } }, 'content.webhook.body.a.0.b', 1],
    ['too many tags', { sms: { text: '{{a}}'.repeat(5001) } }, 'content.sms.text', undefined],
    ['nesting without end', { sms: { text: '{% if a %}'.repeat(4999) } }, 'content.sms.text', 1],
  ])('is named before anything is accepted: %s', (_what, content, path, line) => {
    const error = thrownBy(() => checkContent(content));
    expect(error).toBeInstanceOf(TemplateError);
    expect(error).toMatchObject({ path, line, code: 'unprocessable' });
    expect(error.errors).toEqual([{ path, message: error.reason }]);
    expect(errorStatus[error.code]).toBe(422);
    expect(error).toBeInstanceOf(CarillonError);
  });

  it('lets good ones pass', () => {
    checkContent({
      email: {
        subject: 'a {{ b }}',
        html: '<p>{% for x in y %}{{ x | date_time }}{% endfor %}</p>',
        text: 'x',
      },
      webhook: { body: { n: 1, text: 'plain' } },
    });
  });

  it('fails the same way when it is rendered', async () => {
    await expect(sms('{{ x | nope }}')).rejects.toMatchObject({ channel: 'sms', field: 'text', line: 1 });
  });

  it('quotes nothing of the template where a log would print it', () => {
    const error = thrownBy(() =>
      checkContent({ sms: { text: 'Dear Ann, your PIN is 1234 {{ x | nope }}' } }),
    );
    expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain('1234');
  });
});

describe('a runaway template', () => {
  it.each([
    [
      'makes ever more text',
      `{% assign a = "xxxxxxxx" %}${'{% assign a = a | append: a %}'.repeat(40)}{{ a }}`,
    ],
    [
      'captures ever more text',
      `{% assign a = "x" %}${'{% capture a %}{{ a }}{{ a }}{% endcapture %}'.repeat(40)}`,
    ],
    ['counts for ever', '{% for i in (1..1000000000) %}x{% endfor %}'],
    ['prints too much', `{% for i in (1..2000) %}${'y'.repeat(1000)}{% endfor %}`],
  ])('is stopped when it %s', async (_what, text) => {
    const before = performance.now();
    await expect(sms(text)).rejects.toBeInstanceOf(TemplateError);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  it('is stopped for its time, and after three times refused at once', async () => {
    const loop = '{% for i in (1..9000) %}{% for j in (1..9000) %}{% endfor %}{% endfor %}';
    for (let run = 0; run < 3; run += 1) await expect(sms(loop)).rejects.toThrow(/limit exceeded/);
    const before = performance.now();
    await expect(sms(loop)).rejects.toThrow(/too long too often/);
    expect(performance.now() - before).toBeLessThan(100);
  });

  it('leaves the next template its full allowance', async () => {
    await expect(sms('{{ name }}', { name: 'Zoë' })).resolves.toEqual({ text: 'Zoë' });
  });
});

function thrownBy(call: () => void): TemplateError {
  try {
    call();
  } catch (error) {
    return error as TemplateError;
  }
  throw new Error('nothing was thrown');
}
