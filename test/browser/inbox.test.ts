import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from '../support/accessibility.js';
import { screenshot, tolerate, useBrowser } from '../support/browser.js';
import { giveItems, plainItems } from '../support/inbox-items.js';
import { inboxBody, openElements, type ElementsPage } from '../support/inbox-pages.js';
import {
  asPerson,
  startChecked,
  tokenOf,
  type CheckedCaller,
  type CheckedEngine,
} from '../unit/api-checked.js';

const browser = useBrowser();
let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked({ worker: false });
});
afterAll(() => engine.stop());

let people = 0;
type Given = Parameters<typeof giveItems>[2];
/** An inbox of somebody new with these items. */
async function open(items: Given, page: ElementsPage = {}) {
  const id = `u-${++people}`;
  await giveItems(engine, id, items);
  const tab = await openElements(browser, engine, id, { body: inboxBody, ...page });
  await tab.locator('[role=tabpanel][aria-busy=false]').waitFor();
  return { id, page: tab, me: asPerson(engine, await tokenOf(engine, id)) };
}

const row = (page: Page, title: string) => page.locator('.row[data-id]', { hasText: title }).first();
const titles = (page: Page) => page.locator('.list > .row[data-id] .title bdi').allTextContents();
const tool = (page: Page, title: string, name: string) =>
  row(page, title).locator('.tools').getByRole('button', { name });
const note = (page: Page) => page.locator('.note');
const tab = (page: Page, name: string) => page.getByRole('tab', { name });
const listed = async (me: CheckedCaller, query = '') =>
  (await me<{ items: { title: string }[] }>('GET', `/v1/me/inbox${query}`)).body.items.map(
    ({ title }) => title,
  );
const counts = async (me: CheckedCaller) =>
  (await me<{ unread: number; total: number }>('GET', '/v1/me/inbox/counts')).body;

describe('an inbox', () => {
  it('shows the items in its tabs, with how many are unread', async () => {
    const { page } = await open([
      { title: 'Fresh' },
      { title: 'Old', isRead: true },
      { title: 'Away', isArchived: true },
    ]);
    expect(await titles(page)).toEqual(['Fresh', 'Old']);
    expect(await page.locator('.count').textContent()).toBe('1');
    await tab(page, 'Unread').click();
    await expect.poll(() => titles(page)).toEqual(['Fresh']);
    await tab(page, 'Archived').click();
    await expect.poll(() => titles(page)).toEqual(['Away']);
  });

  it('says so where there is nothing, in each tab', async () => {
    const { page } = await open([]);
    await page.getByText('You are all caught up').waitFor();
    expect(await accessibilityProblems(page, { except: ['region', 'page-has-heading-one'] })).toEqual([]);
    await screenshot(page, 'inbox-empty');
    await tab(page, 'Archived').click();
    await page.getByText('Nothing archived').waitFor();
  });

  it('reads, unreads, archives and takes back, and the server knows', async () => {
    const { page, me } = await open([{ title: 'One' }, { title: 'Two' }]);
    await row(page, 'One').hover();
    await tool(page, 'One', 'Mark as read').click();
    await tool(page, 'One', 'Mark as unread').waitFor();
    await expect.poll(async () => (await counts(me)).unread).toBe(1);
    await tool(page, 'One', 'Mark as unread').click();
    await expect.poll(async () => (await counts(me)).unread).toBe(2);
    await tool(page, 'One', 'Archive').click();
    await expect.poll(() => titles(page)).toEqual(['Two']);
    await expect.poll(() => listed(me, '?filter=archived')).toEqual(['One']);
    await note(page).getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => titles(page)).toEqual(['One', 'Two']);
    expect(await listed(me)).toEqual(['One', 'Two']);
  });

  it('deletes only once it can no longer be undone', async () => {
    const { page, me } = await open([{ title: 'Keep' }, { title: 'Drop' }]);
    await row(page, 'Keep').hover();
    await tool(page, 'Keep', 'Delete').click();
    await expect.poll(() => titles(page)).toEqual(['Drop']);
    await screenshot(page, 'inbox-undo');
    await note(page).getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => titles(page)).toEqual(['Keep', 'Drop']);
    await row(page, 'Drop').hover();
    await tool(page, 'Drop', 'Delete').click();
    expect(await listed(me)).toEqual(['Keep', 'Drop']);
    await note(page).getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => listed(me)).toEqual(['Keep']);
    expect(await titles(page)).toEqual(['Keep']);
  });

  it('deletes when the page is left before that', async () => {
    const { page, me } = await open([{ title: 'Keep' }, { title: 'Drop' }]);
    await row(page, 'Drop').hover();
    await tool(page, 'Drop', 'Delete').click();
    await note(page).waitFor();
    await page.goto('about:blank');
    await expect.poll(() => listed(me)).toEqual(['Keep']);
  });

  it('snoozes, for a time that it offers or one of one’s own', async () => {
    const { page, me } = await open([{ title: 'Later' }, { title: 'Much later' }, { title: 'Now' }]);
    await row(page, 'Later').hover();
    await tool(page, 'Later', 'Snooze and more').click();
    await page.getByRole('menuitem', { name: 'Tomorrow morning' }).click();
    await page.getByText('Snoozed until').waitFor();
    await expect.poll(() => titles(page)).toEqual(['Much later', 'Now']);
    await row(page, 'Much later').hover();
    await tool(page, 'Much later', 'Snooze and more').click();
    await page.getByRole('menuitem', { name: 'Choose a time' }).click();
    await page
      .getByLabel('Date and time')
      .fill(await page.evaluate<string>(`new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 16)`));
    await page.getByRole('button', { name: 'Snooze', exact: true }).click();
    await expect.poll(() => titles(page)).toEqual(['Now']);
    await expect.poll(() => listed(me)).toEqual(['Now']);
  });

  it('reads everything, and clears after asking', async () => {
    const { page, me } = await open([...plainItems(3), { title: 'Old', isRead: true }]);
    await page.getByRole('button', { name: 'Mark all as read' }).click();
    await expect.poll(() => page.locator('.row.unread').count()).toBe(0);
    await expect.poll(() => counts(me)).toMatchObject({ unread: 0, total: 4 });
    await page.locator('#tool-more').click();
    await page.getByRole('menuitem', { name: 'Delete what I have read' }).click();
    await page.getByRole('button', { name: 'Back' }).click();
    expect(await listed(me)).toHaveLength(4);
    await page.getByRole('menuitem', { name: 'Delete what I have read' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).last().click();
    await page.getByText('You are all caught up').waitFor();
    await expect.poll(() => listed(me)).toEqual([]);
  });

  it('finds by text, category, importance and date, and shows all again', async () => {
    const { page } = await open([
      { title: 'Lease signed', category: 'legal' },
      { title: 'Server down', category: 'operations', severity: 'error' },
      { title: 'Lease expired', category: 'legal', severity: 'warning', minutesAgo: 3 * 24 * 60 },
    ]);
    await page.getByRole('searchbox').fill('lease');
    await expect.poll(() => titles(page)).toEqual(['Lease signed', 'Lease expired']);
    await page.getByLabel('Date').selectOption('today');
    await expect.poll(() => titles(page)).toEqual(['Lease signed']);
    await page.getByLabel('Importance').selectOption('error');
    await page.getByText('Nothing fits these filters').waitFor();
    await screenshot(page, 'inbox-no-match');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(() => titles(page)).toHaveLength(3);
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
    await page.getByLabel('Category').selectOption('operations');
    await expect.poll(() => titles(page)).toEqual(['Server down']);
  });

  it('follows a link unless the page prevents it, and reads the item', async () => {
    const { page, me } = await open(
      [{ title: 'Go', actionUrl: '/#there', actions: [{ label: 'Approve', url: '/#approve' }] }],
      {
        script: `window.heard = [];
          for (const name of ['carillon-item-click', 'carillon-action'])
            document.addEventListener(name, (event) => { heard.push([name, event.detail]); event.preventDefault(); });`,
      },
    );
    await row(page, 'Go').locator('.title').click();
    await row(page, 'Go').getByRole('link', { name: 'Approve' }).click();
    const heard = await page.evaluate<[string, { title?: string; action?: { label: string } }][]>('heard');
    expect(heard).toMatchObject([
      ['carillon-item-click', { title: 'Go' }],
      ['carillon-action', { item: { title: 'Go' }, action: { label: 'Approve' } }],
    ]);
    expect(page.url()).not.toContain('#');
    await expect.poll(async () => (await counts(me)).unread).toBe(0);
  });

  it('collapses threads and opens them, and archives one as a whole', async () => {
    const { page, me } = await open(
      [
        { title: 'Third', threadKey: 'a', isRead: true },
        { title: 'Alone' },
        { title: 'Second', threadKey: 'a' },
        { title: 'First', threadKey: 'a', isRead: true },
      ],
      { body: inboxBody.replace('<carillon-inbox', '<carillon-inbox group') },
    );
    expect(await titles(page)).toEqual(['Third', 'Alone']);
    await row(page, 'Third').getByRole('button', { name: '2 more' }).click();
    await expect
      .poll(() => page.locator('.replies .title bdi').allTextContents())
      .toEqual(['Second', 'First']);
    await screenshot(page, 'inbox-thread');
    await page.locator('.replies .row', { hasText: 'Second' }).hover();
    await page.locator('.replies .row', { hasText: 'Second' }).locator('.read').click();
    await expect.poll(() => page.locator('.row.unread > .title bdi').allTextContents()).toEqual(['Alone']);
    await row(page, 'Third').locator('.title').first().hover();
    await row(page, 'Third').locator('> .tools > .archive').click();
    await expect.poll(() => titles(page)).toEqual(['Alone']);
    await expect
      .poll(async () => (await listed(me, '?filter=archived')).sort())
      .toEqual(['First', 'Second', 'Third']);
  });
});

describe('an inbox that gets an error', () => {
  it('takes back what could not be done, and says so', async () => {
    const { page, me } = await open([{ title: 'One' }, { title: 'Two' }]);
    tolerate(page, /503/);
    await page.route(/\/(archive|read|read-all)$/, (route) =>
      route.fulfill({ status: 503, json: { detail: 'gone', code: 'unavailable' } }),
    );
    await row(page, 'One').hover();
    await tool(page, 'One', 'Archive').click();
    await page.getByText('nothing was changed').waitFor();
    await screenshot(page, 'inbox-rolled-back');
    expect(await titles(page)).toEqual(['One', 'Two']);
    await page.getByRole('button', { name: 'Mark all as read' }).click();
    await expect.poll(() => page.locator('.count').textContent()).toBe('2');
    expect(await page.locator('.row.unread').count()).toBe(2);
    expect(await counts(me)).toMatchObject({ unread: 2, total: 2 });
  });

  it('says that it could not load, and tries again', async () => {
    const id = `u-${++people}`;
    await giveItems(engine, id, [{ title: 'There' }]);
    const page = await openElements(browser, engine, id, { body: '<main></main>' });
    tolerate(page, /ERR_|500/);
    await page.route(/\/v1\/me\/inbox\?/, (route) =>
      route.fulfill({ status: 500, json: { detail: 'oops', code: 'internal' } }),
    );
    await page.evaluate(`document.querySelector('main').innerHTML = '<carillon-inbox></carillon-inbox>'`);
    await page.getByText('Notifications could not be loaded').waitFor();
    expect(await accessibilityProblems(page, { except: ['region', 'page-has-heading-one'] })).toEqual([]);
    await screenshot(page, 'inbox-error');
    await page.unroute(/\/v1\/me\/inbox\?/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await row(page, 'There').waitFor();
  });

  it('says when the next page cannot be had, and gets it when asked to', async () => {
    const { page } = await open(plainItems(60));
    tolerate(page, /500/);
    await page.route(/cursor=/, (route) =>
      route.fulfill({ status: 500, json: { detail: 'oops', code: 'internal' } }),
    );
    await page.locator('.scroll').evaluate((element) => element.scrollTo(0, 1e6));
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await page.unroute(/cursor=/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await row(page, 'Item 40').waitFor();
  });
});

describe('a long inbox', () => {
  it('of a thousand items keeps few of them in the page, and reaches the last', async () => {
    const { page } = await open(plainItems(1000, { isRead: true }), {
      body: inboxBody.replace('<carillon-inbox', '<carillon-inbox page-size="100"'),
    });
    const scroll = page.locator('.scroll');
    let most = 0;
    await expect
      .poll(
        async () => {
          await scroll.evaluate((element) => element.scrollTo(0, element.scrollHeight));
          most = Math.max(most, await page.locator('.row[data-id]').count());
          return row(page, 'Item 1000').isVisible();
        },
        { timeout: 30_000, interval: 50 },
      )
      .toBe(true);
    expect(await page.locator('.row[data-id]').count()).toBeLessThan(60);
    // Before there are so many that it matters, all are.
    expect(most).toBeLessThanOrEqual(300);
    await page.keyboard.press('Tab');
    expect(await row(page, 'Item 1000').getAttribute('aria-setsize')).toBe('1000');
  });

  it('of a thousand items is walked with arrow keys past what is in the page', async () => {
    const { page } = await open(plainItems(300, { isRead: true }), {
      body: inboxBody.replace('<carillon-inbox', '<carillon-inbox page-size="100"'),
    });
    const scroll = page.locator('.scroll');
    await expect
      .poll(async () => {
        await scroll.evaluate((element) => element.scrollTo(0, element.scrollHeight));
        return row(page, 'Item 300').isVisible();
      })
      .toBe(true);
    await scroll.evaluate((element) => element.scrollTo(0, 0));
    await row(page, 'Item 1').locator('.title').focus();
    for (let step = 0; step < 40; step += 1) await page.keyboard.press('ArrowDown');
    const focused = () =>
      page.evaluate(`document.querySelector('carillon-inbox').shadowRoot.activeElement?.textContent.trim()`);
    expect(await focused()).toBe('Item 41');
    expect(await row(page, 'Item 41').isVisible()).toBe(true);
  });

  it('shows that there is something new to whoever has scrolled down, and leaves them where they are', async () => {
    const { page, id } = await open(plainItems(40));
    await page.locator('.scroll').evaluate((element) => element.scrollTo(0, 900));
    const before = await page.locator('.scroll').evaluate((element) => element.scrollTop);
    await giveItems(engine, id, [{ title: 'Brand new' }]);
    await page.getByRole('button', { name: 'New notifications' }).waitFor();
    await screenshot(page, 'inbox-newer');
    await page.getByRole('button', { name: 'New notifications' }).click();
    await row(page, 'Brand new').waitFor();
    expect(before).toBeGreaterThan(0);
    expect(await page.locator('.scroll').evaluate((element) => element.scrollTop)).toBe(0);
    expect(
      await page.evaluate(`document.querySelector('carillon-inbox').shadowRoot.activeElement.textContent`),
    ).toContain('Brand new');
  });
});
