import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { templateFullView, templateView, versionFullView } from '../../api/templates/view.js';
import type { previewView } from '../../api/templates/preview.js';
import { ownType } from '../../contracts/notification-types.js';
import { mjmlRuns } from '../../templates/mjml-thread.js';
import { eventually } from '../support/engine.js';
import {
  ended,
  keyOf,
  plan,
  quietNow,
  reached,
  run,
  startChecked,
  type Accepted,
  type CheckedEngine,
  type Full,
  type Page,
  type Refusal,
} from '../unit/api-checked.js';

type Template = z.infer<typeof templateView>;
type TemplateInFull = z.infer<typeof templateFullView>;
type Version = z.infer<typeof versionFullView>;
type Previewed = z.infer<typeof previewView>;

let engine: CheckedEngine;
/** A type of the tenant's own, another for each test: it has no built-in text. */
let type: string;
let count = 0;

beforeAll(async () => {
  engine = await startChecked();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  type = `own_${(count += 1)}`;
  const own = ownType.parse({
    category: 'own',
    defaultChannels: ['in_app', 'email'],
    variables: { type: 'object', properties: { title: { type: 'string' }, price: { type: 'number' } } },
  });
  await engine.models.notificationTypes.put(engine.tenantId, type, { own });
});

const at = (channel = 'sms', locale = 'en') => `/v1/templates/${type}/${channel}/${locale}`;
const draft = async (path: string, source: unknown, more: object = {}): Promise<Version> => {
  const made = await engine.call<Version>('POST', `${path}/versions`, { source, ...more });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body;
};
const publish = async (path: string, source: unknown, query = ''): Promise<Version> => {
  const made = await engine.call<Version>('POST', `${path}/versions${query}`, { source });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const { version } = made.body;
  expect((await engine.call('POST', `${path}/publish${query}`, { version })).status).toBe(200);
  return made.body;
};
const told = async (path: string, body: unknown): Promise<[number, string[]]> => {
  const { status, body: refusal } = await engine.call<Refusal>('POST', path, body);
  return [status, (refusal.errors ?? []).map((error) => `${error.path}: ${error.message}`)];
};
/** A trigger of the own type, for somebody new. */
const trigger = (more: Record<string, unknown> = {}, person: Record<string, unknown> = {}) => {
  const id = `u-${(count += 1)}`;
  return {
    type,
    to: { recipient: { id, email: `${id}@example.com`, ...person } },
    data: { title: 'NDA' },
    ...more,
  };
};
const mailTo = ({ recipient }: Full) =>
  engine.smtp.mails.find(({ envelope }) => envelope.to.includes(`${recipient}@example.com`))?.parsed;

describe('a template', () => {
  it('has versions, of which one is published', async () => {
    await draft(at(), { text: 'one' }, { note: 'First' });
    await draft(at(), { text: 'two' });
    const published = await engine.call<Template>('POST', `${at()}/publish`, { version: 2 });
    expect(published.body).toMatchObject({ latest: 2, published: { version: 2, by: 'platform' } });
    await engine.call('POST', `${at()}/publish`, { version: 1 });
    const { body } = await engine.call<TemplateInFull>('GET', at());
    expect(body.versions).toMatchObject([
      { version: 2, published: false, note: null },
      { version: 1, published: true, note: 'First', createdBy: 'platform' },
    ]);
    expect(body.publications.map(({ version }) => version)).toEqual([1, 2]);
    const one = await engine.call<Version>('GET', `${at()}/versions/1`);
    expect(one.body).toMatchObject({ version: 1, source: { text: 'one' } });
  });

  it('is listed by type, channel, language, topic and whether it is published', async () => {
    await draft(at(), { text: 'x' });
    await publish(at('sms', 'fr-ca'), { text: 'x' });
    await publish(at('push'), { title: 'x', body: 'x' });
    expect((await engine.call('POST', `${at()}/versions?topic=news`, { source: { text: 'x' } })).status).toBe(
      201,
    );
    const listed = async (query: string) => {
      const page = await engine.call<Page<Template>>('GET', `/v1/templates?type=${type}&${query}`);
      return page.body.items.map(({ channel, locale, topic }) =>
        [channel, locale, topic].filter(Boolean).join(' '),
      );
    };
    expect(await listed('limit=100')).toEqual(['push en', 'sms en', 'sms en news', 'sms fr-CA']);
    expect(await listed('channel=sms&locale=FR-ca')).toEqual(['sms fr-CA']);
    expect(await listed('topic=news')).toEqual(['sms en news']);
    expect(await listed('published=true')).toEqual(['push en', 'sms fr-CA']);
    expect(await listed('published=false')).toEqual(['sms en', 'sms en news']);
  });

  it('that is not there is not found, nor a version of it, nor its type', async () => {
    expect((await engine.call('GET', at())).status).toBe(404);
    await draft(at(), { text: 'x' });
    expect((await engine.call('GET', `${at()}/versions/2`)).status).toBe(404);
    expect((await engine.call('POST', `${at()}/publish`, { version: 2 })).status).toBe(404);
    expect((await engine.call('GET', `${at()}?topic=news`)).status).toBe(404);
    expect(
      (await engine.call('POST', '/v1/templates/nosuch/sms/en/versions', { source: { text: 'x' } })).status,
    ).toBe(404);
    expect((await engine.call('GET', at('nosuch'))).status).toBe(400);
    expect((await engine.call('GET', at('sms', 'en-a1-b2'))).status).toBe(400);
  });

  it.each([
    ['sms', { text: 'a\n{{ x | nosuch }}' }, 422, ['source.text: line 2: undefined filter: nosuch']],
    ['sms', { text: '' }, 400, [expect.stringContaining('source.text')]],
    ['sms', { text: 'x', more: 1 }, 400, ['source.more: is not a known field']],
    ['push', { title: 'x' }, 400, [expect.stringContaining('source.body')]],
    [
      'webhook',
      { body: { a: [{ b: '{% if %}' }] } },
      422,
      [expect.stringMatching(/^source\.body\.a\.0\.b: line 1: /)],
    ],
    ['email', { subject: 'x' }, 400, ['source.mjml: is missing: a mail needs mjml, html or text']],
    ['email', { subject: 'x\ny', text: 'x' }, 400, [expect.stringContaining('source.subject')]],
    [
      'email',
      { subject: 'x', mjml: '<mjml><mj-body>\n<mj-nosuch /></mj-body></mjml>' },
      422,
      ["source.mjml: line 2: mj-nosuch: Element mj-nosuch doesn't exist or is not registered"],
    ],
    [
      'email',
      { subject: 'x', mjml: '<mjml></mjml>', html: 'x' },
      400,
      ['source.html: and "mjml" are two names for the same: give one'],
    ],
    [
      'email',
      { subject: 'x', mjml: '<mjml></mjml>', layout: 'default' },
      400,
      ['source.layout: is around a part of a mail: leave <mjml> and <mj-body> out'],
    ],
    ['email', { subject: 'x', text: 'x'.repeat(200_001) }, 400, [expect.stringContaining('source.text')]],
  ])('for %s is refused made of %j', async (channel, source, status, errors) => {
    expect(await told(`${at(channel)}/versions`, { source })).toEqual([status, errors]);
    expect((await engine.call('GET', at(channel))).status).toBe(404);
  });

  it('may be made anew of an earlier version, with the partials of today', async () => {
    await publish('/v1/partials/sign/en', { text: 'old' });
    await draft(at(), { text: `{% include 'sign' %}` });
    await publish('/v1/partials/sign/en', { text: 'new' });
    const stale = await engine.call<TemplateInFull>('GET', at());
    expect(stale.body.versions[0]?.uses).toMatchObject([{ kind: 'partial', name: 'sign', current: false }]);
    const made = await engine.call<Version>('POST', `${at()}/versions`, { from: 1 });
    expect(made.body).toMatchObject({ version: 2, uses: [{ current: true }] });
    const shown = await engine.call<Previewed>('POST', `${at()}/preview`, { version: 2 });
    expect(shown.body.rendered).toEqual({ text: 'new' });
    expect(await told(`${at()}/versions`, {})).toEqual([400, ['source: or "from" is needed, and not both']]);
  });
});

describe('a notification', () => {
  it('is written by what its tenant published, in the reader’s language, without MJML being compiled', async () => {
    const mjml = '<mj-text>Dear {{ recipient.id }}, {{ title }}</mj-text>';
    const english = await publish(at('email'), { subject: 'New: {{ title }}', mjml });
    const french = await publish(at('email', 'fr'), { subject: 'Nouveau : {{ title }}', mjml });
    await publish(at('in_app'), { title: 'New', message: '{{ title }}' });
    const before = mjmlRuns();
    const one = await run(engine, trigger());
    const other = await run(engine, trigger({}, { locale: 'fr-CA' }));
    expect(mjmlRuns()).toBe(before);
    expect(one.plan.templates.email).toBe(english.id);
    expect(other.plan.templates.email).toBe(french.id);
    expect(one).toMatchObject({ status: 'sent', title: 'New', message: 'NDA' });
    expect(mailTo(one)?.subject).toBe('New: NDA');
    expect(mailTo(other)?.subject).toBe('Nouveau : NDA');
  });

  it('of a type without any text is refused, until there is a template or the caller brings the text', async () => {
    const refused = await engine.call('POST', '/v1/notifications', trigger());
    expect(refused.status).toBe(422);
    expect(refused.body.errors?.[0]?.path).toBe('content');
    const content = { in_app: { title: 'Own', message: 'words' } };
    expect(await run(engine, trigger({ content }))).toMatchObject({ status: 'sent', title: 'Own' });
    await publish(at('in_app'), { title: 'Own', message: '{{ title }}' });
    const full = await run(engine, trigger({ channels: ['in_app', 'email'] }));
    expect(full.plan.channels).toMatchObject({
      in_app: { action: 'send' },
      email: { action: 'skip', reason: 'no_content' },
    });
  });

  it('says what its content says before what any template does', async () => {
    await publish(at('in_app'), { title: 'Template', message: 'x' });
    await publish(at('email'), { subject: 'Template', text: 'x' });
    const full = await run(
      engine,
      trigger({ content: { in_app: { title: 'Content', message: 'x' } }, channels: ['in_app', 'email'] }),
    );
    expect(full.title).toBe('Content');
    expect(full.plan.templates).not.toHaveProperty('in_app');
    expect(mailTo(full)?.subject).toBe('Template');
  });

  it('keeps the version that it was planned with, whatever is published, or withdrawn, while it waits', async () => {
    await publish(at('email'), { subject: 'One', text: 'x' });
    const person = { id: `u-quiet-${count}`, email: `u-quiet-${count}@example.com` };
    await engine.call('PUT', `/v1/subscribers/${person.id}`, { email: person.email });
    await engine.call('PATCH', `/v1/subscribers/${person.id}/preferences`, { quietHours: quietNow() });
    const id = await plan(engine, { type, to: { recipient: person.id }, channels: ['email'] });
    const held = await reached(engine, id, 'held');
    await publish(at('email'), { subject: 'Two', text: 'x' });
    await engine.call('POST', `${at('email')}/unpublish`);
    await engine.call('PATCH', `/v1/notifications/${id}`, { data: { title: 'amended' } });
    await engine.call('POST', `/v1/notifications/${id}/expedite`);
    const sent = await ended(engine, id);
    expect(sent.status).toBe('sent');
    expect(sent.plan.templates).toEqual(held.plan.templates);
    expect(mailTo(sent)?.subject).toBe('One');
  });

  it('is tried again in the words in which it failed', async () => {
    await publish(at('email'), { subject: 'One', text: 'x' });
    engine.smtp.behave({ at: 'message', do: { reply: '554 5.6.0 not like this' }, times: 1 });
    const failed = await run(engine, trigger({ channels: ['email'] }));
    expect(failed.status).toBe('failed');
    await publish(at('email'), { subject: 'Two', text: 'x' });
    expect((await engine.call('POST', `/v1/deliveries/${failed.id}-email/retry`)).status).toBe(202);
    await reached(engine, failed.id, 'sent');
    expect(mailTo(failed)?.subject).toBe('One');
  });

  it('goes to a topic in the words that are for it', async () => {
    await publish(at('in_app'), { title: 'All', message: 'x' });
    await publish(at('in_app'), { title: 'News', message: 'x' }, '?topic=news');
    await Promise.all(['t-1', 't-2'].map((id) => engine.call('PUT', `/v1/subscribers/${id}`, {})));
    await engine.call('PUT', '/v1/topics/news/members', { add: ['t-1'] });
    await engine.call('PUT', '/v1/topics/sport/members', { add: ['t-1', 't-2'] });
    const titles = async (topics: string[]) => {
      const sent = await engine.call<{ broadcastId: string }>('POST', '/v1/notifications', {
        type,
        to: { topics },
        channels: ['in_app'],
      });
      await finished(sent.body.broadcastId);
      const people = await engine.call<Page<{ notificationId: string }>>(
        'GET',
        `/v1/broadcasts/${sent.body.broadcastId}/recipients`,
      );
      const all = await Promise.all(
        people.body.items.map(({ notificationId }) => ended(engine, notificationId)),
      );
      return Object.fromEntries(all.map(({ recipient, title }) => [recipient, title]));
    };
    expect(await titles(['news', 'sport'])).toEqual({ 't-1': 'News', 't-2': 'All' });
    expect(await titles(['sport', 'news'])).toEqual({ 't-1': 'All', 't-2': 'All' });
  });

  it('is written by what the deployment published for all tenants, unless its own did', async () => {
    const everywhere = '/v1/platform/templates/report_ready/in_app/en';
    const platform = { tenant: null };
    const made = await engine.call<Version>(
      'POST',
      `${everywhere}/versions`,
      { source: { title: 'Everywhere', message: 'x' } },
      platform,
    );
    expect(made.status).toBe(201);
    await engine.call('POST', `${everywhere}/publish`, { version: 1 }, platform);
    const title = async () =>
      (await run(engine, trigger({ type: 'report_ready', channels: ['in_app'], data: {} }))).title;
    expect(await title()).toBe('Everywhere');
    const own = '/v1/templates/report_ready/in_app/en';
    await publish(own, { title: 'Own', message: 'x' });
    expect(await title()).toBe('Own');
    await engine.call('POST', `${own}/unpublish`);
    expect(await title()).toBe('Everywhere');
    await engine.call('POST', `${everywhere}/unpublish`, undefined, platform);
    expect(await title()).not.toBe('Everywhere');
  });

  it('is set in the tenant’s layout, built-in texts too', async () => {
    const mjml = `<mjml><mj-body><mj-section><mj-column><mj-text>FRAME of {{ tenant.name }}</mj-text></mj-column></mj-section>{{ content }}</mj-body></mjml>`;
    const layout = await publish('/v1/layouts/default/en', { mjml });
    const full = await run(
      engine,
      trigger({ type: 'mention', channels: ['email'], data: { author: 'Ann' } }),
    );
    expect(full.plan.templates).toEqual({ email: layout.id });
    expect(mailTo(full)?.html).toContain('FRAME of Acme');
    await engine.call('POST', '/v1/layouts/default/en/unpublish');
    const after = await run(
      engine,
      trigger({ type: 'mention', channels: ['email'], data: { author: 'Ann' } }),
    );
    expect(mailTo(after)?.html).not.toContain('FRAME');
    const listed = await engine.call<Page<Template>>('GET', '/v1/layouts?name=default');
    expect(listed.body.items).toMatchObject([
      { name: 'default', locale: 'en', channel: null, published: null },
    ]);
  });
});

describe('a preview', () => {
  it('shows what a source comes to, with an example of its data, and tells of variables that are not declared', async () => {
    const source = {
      subject: '{{ title }}',
      mjml: '<mj-text>{{ price | money: "EUR" }} {{ prize }}</mj-text>',
    };
    const { status, body } = await engine.call<Previewed>('POST', `${at('email')}/preview`, { source });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      version: null,
      locale: 'en',
      data: { title: 'Title', price: 3 },
      rendered: { subject: 'Title', text: expect.stringContaining('€3.00') as string },
      warnings: [{ path: 'prize', message: 'is no variable of the type' }],
    });
    expect((await engine.call('GET', at('email'))).status).toBe(404);
  });

  it('shows a version to a person as they would read it', async () => {
    await publish(at('sms', 'fr'), { text: '{{ recipient.id }} {{ price | money: "CAD" }}' });
    await engine.call('PUT', '/v1/subscribers/u-fr', { locale: 'fr-CA' });
    const body = { data: { price: 1234.5 }, recipient: 'u-fr' };
    const { body: shown } = await engine.call<Previewed>('POST', `${at('sms', 'fr')}/preview`, body);
    expect(String(shown.rendered.text).replace(/\s/g, ' ')).toBe('u-fr 1 234,50 $');
    expect(shown.version).toBe(1);
    const nobody = await engine.call('POST', `${at('sms', 'fr')}/preview`, { recipient: 'u-nobody' });
    expect(nobody.status).toBe(404);
  });

  it('tells what goes wrong when a template is filled', async () => {
    const text = '{% for i in (1..100000) %}{% for j in (1..100000) %}{% endfor %}{% endfor %}';
    const [status, errors] = await told(`${at()}/preview`, { source: { text } });
    expect(status).toBe(422);
    expect(errors[0]).toMatch(/^sms\.text: .*limit/);
    expect((await told(`${at()}/preview`, { source: { text: 'x' }, version: 1 }))[0]).toBe(400);
  });

  it('warns of a mail that is cut off', async () => {
    const source = { subject: 'x', html: `<p>${'x'.repeat(110_000)}</p>` };
    const { body } = await engine.call<Previewed>('POST', `${at('email')}/preview`, { source });
    expect(body.warnings).toEqual([
      { path: 'html', message: 'has 108 KB: some mail programs cut off after 102' },
    ]);
  });

  it('shows a layout around a built-in text', async () => {
    const mjml = `<mjml><mj-body><mj-section><mj-column><mj-text>RAHMEN {{ mail.unsubscribe }}</mj-text></mj-column></mj-section>{{ content }}</mj-body></mjml>`;
    const { body } = await engine.call<Previewed>('POST', '/v1/layouts/other/fr/preview', {
      source: { mjml },
    });
    expect(body.rendered.html).toContain('RAHMEN Ne plus recevoir');
    expect(body.rendered.html).toContain('vous');
    expect(body.warnings).toEqual([]);
  });

  it('tells of data that its type does not take', async () => {
    await draft(at(), { text: '{{ price }}' });
    const { body } = await engine.call<Previewed>('POST', `${at()}/preview`, { data: { price: 'much' } });
    expect(body.warnings).toMatchObject([{ path: 'data.price' }]);
  });

  it('of what is for all tenants needs none of them', async () => {
    const path = '/v1/platform/templates/mention/sms/en/preview';
    const source = { text: '{{ tenant.name }}: {{ author | name }}' };
    const { body } = await engine.call<Previewed>('POST', path, { source }, { tenant: null });
    expect(body.rendered.text).toMatch(/^Example: ./);
  });
});

describe('a test', () => {
  it('sends one for real, written with a version that is not published', async () => {
    await publish(at('email'), { subject: 'Published', text: 'x' });
    const next = await draft(at('email'), { subject: 'Next {{ title }}', text: 'x' });
    const sent = await engine.call<Accepted>('POST', `${at('email')}/test`, {
      to: { recipient: { id: 'u-test', email: 'u-test@example.com' } },
      version: 2,
    });
    expect(sent.status).toBe(202);
    const full = await ended(engine, sent.body.id);
    expect(full.plan.templates).toEqual({ email: next.id });
    expect(mailTo(full)?.subject).toBe('Next Title');
    const { body } = await engine.call<Page<{ action: string; subject: string; after: unknown }>>(
      'GET',
      `/v1/audit?subject=${encodeURIComponent(`${type}/email/en`)}`,
    );
    expect(body.items.map(({ action }) => action)).toEqual([
      'template.tested',
      'template.version_made',
      'template.published',
      'template.version_made',
    ]);
    expect(body.items[0]?.after).toEqual({ version: 2, notification: sent.body.id });
  });
});

it('is for administrators to change, and for managers to read, preview and test', async () => {
  await publish(at(), { text: 'x' });
  const { key: token } = await keyOf(engine, ['manager']);
  const as = { token };
  expect((await engine.call('GET', at(), undefined, as)).status).toBe(200);
  expect((await engine.call('POST', `${at()}/preview`, {}, as)).status).toBe(200);
  expect(
    (await engine.call('POST', `${at()}/test`, { to: { recipient: { phone: '+33612345678' } } }, as)).status,
  ).toBe(202);
  for (const call of ['versions', 'publish', 'unpublish'])
    expect((await engine.call('POST', `${at()}/${call}`, {}, as)).status).toBe(403);
  const { key: sender } = await keyOf(engine, ['sender']);
  expect((await engine.call('GET', at(), undefined, { token: sender })).status).toBe(403);
  expect((await engine.call('GET', '/v1/platform/templates', undefined, as)).status).toBe(403);
});

it('is its tenant’s own', async () => {
  await publish(at(), { text: 'x' });
  const other = `${engine.tenantId}-b`;
  await engine.call('POST', '/v1/tenants', { id: other, name: 'Other' });
  const { key: token } = await keyOf(engine, ['admin'], other);
  for (const path of [at(), `${at()}/versions/1`])
    expect((await engine.call('GET', path, undefined, { token })).status).toBe(404);
  expect((await engine.call('POST', `${at()}/publish`, { version: 1 }, { token })).status).toBe(404);
  const { body } = await engine.call<Page<Template>>('GET', '/v1/templates', undefined, { token });
  expect(body.items).toEqual([]);
});

/** Until the broadcast is over. */
async function finished(id: string): Promise<void> {
  await eventually(
    `${id} over`,
    () => engine.call<{ status: string }>('GET', `/v1/broadcasts/${id}`),
    ({ body }) => body.status === 'completed',
  );
}
