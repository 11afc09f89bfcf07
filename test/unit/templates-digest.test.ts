import { load } from 'cheerio';
import { expect, it } from 'vitest';
import { render } from '../../templates/render.js';
import { contextOf, typeNamed } from './templates-fixtures.js';

const type = typeNamed('digest');

const item = (number: number, more: object = {}) => ({
  type: 'mention',
  title: `Title ${number}`,
  message: `Message ${number}`,
  at: '2026-12-01T08:30:00Z',
  url: `/things/${number}`,
  ...more,
});
const items = (count: number) => Array.from({ length: count }, (_value, index) => item(index + 1));

const mail = (data: Record<string, unknown>, locale = 'en') =>
  render({ type, channel: 'email', locale, context: contextOf(data) });

it('lists ten of the items, each with its link, and says how many more there are', async () => {
  const { subject, html, text } = await mail({ period: 'daily', total: 42, more: 30, items: items(12) });
  const $ = load(html);
  const links = $('.entries a').toArray();
  expect(subject).toBe('42 new notifications');
  expect(links.map((link) => $(link).text())).toEqual(items(10).map(({ title }) => title));
  expect($(links[9]).attr('href')).toBe('https://app.example/things/10');
  expect($('.entries td').last().text()).toBe('and 32 more');
  expect(text).toContain(
    '* Title 10\n  Message 10\n  Tuesday, December 1, 2026 at 9:30 AM GMT+1\n  https://app.example/things/10\n\nand 32 more\n',
  );
});

it('counts a thread as all that it stands for', async () => {
  const data = { period: 'hourly', total: 8, more: 1, items: [item(1, { count: 5 }), item(2), item(3)] };
  const { html } = await mail(data, 'fr');
  const $ = load(html);
  expect($('.entries a').first().text()).toBe('Title 1 (5)');
  expect($('.entries a').eq(1).text()).toBe('Title 2');
  expect($('.entries td').last().text()).toBe('et 1 autre');
  expect($('.pad').text()).toContain('depuis une heure');
});

it('says nothing of more where there is none, and shows what leads nowhere without a link', async () => {
  const { html } = await mail({
    total: 2,
    more: 0,
    items: [item(1, { url: null }), item(2, { url: 'javascript:x' })],
  });
  const $ = load(html);
  expect($('.entries a')).toHaveLength(0);
  expect($('.entries strong').text()).toBe('Title 1Title 2');
  expect($('.entries td').last().text()).toContain('Message 2');
});

it('is short where there is little room', async () => {
  const context = contextOf({ total: 42, more: 32, items: items(10) });
  const push = await render({ type, channel: 'push', locale: 'fr', context });
  expect(push).toEqual({
    title: '42 nouvelles notifications',
    body: 'Title 1\nTitle 2\nTitle 3\net 39 autres',
  });
  const sms = await render({ type, channel: 'sms', locale: 'en', context });
  expect(sms.text).toMatch(/^Northwind: 42 new notifications\. The latest: Title 1 https/);
  const slack = await render({ type, channel: 'slack', locale: 'en', context });
  expect(slack.text).toMatch(/^42 new notifications\nTitle 1\n[^]*\nTitle 10\nand 32 more\nhttps/);
});

it('takes items of any shape', async () => {
  for (const odd of ['text', 7, {}, [], [null, 1, 'x', {}, { title: {} }, { title: 'Only a title' }]]) {
    const { html, text } = await mail({ items: odd });
    expect(text).not.toMatch(/undefined|null|NaN|\[object/);
    const lines = load(html)('.entries tr');
    expect(lines.length).toBe(Array.isArray(odd) && odd.length > 0 ? 1 : 0);
  }
});
