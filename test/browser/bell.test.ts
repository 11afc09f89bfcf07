import type { Page, WebSocket } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from '../support/accessibility.js';
import { screenshot, tolerate, useBrowser } from '../support/browser.js';
import { giveItems, hostileItems, plainItems, workdays } from '../support/inbox-items.js';
import { bellBody, inboxBody, openElements } from '../support/inbox-pages.js';
import { asPerson, startChecked, tokenOf, type CheckedEngine } from '../unit/api-checked.js';

const browser = useBrowser();
let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked({ worker: false });
});
afterAll(() => engine.stop());

let people = 0;
const somebody = () => `u-${++people}`;
const bell = (page: Page) => page.locator('carillon-bell .bell');
const badge = (page: Page) => page.locator('carillon-bell .badge');
const rows = (page: Page) => page.locator('carillon-inbox .row[data-id]');
const titles = (page: Page) => page.locator('carillon-inbox .row[data-id] > .title bdi').allTextContents();
const row = (page: Page, title: string) => rows(page).filter({ hasText: title }).first();
/** The name or text of what has focus, in whichever shadow root. */
const focused = (page: Page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
  });

describe('the bell', () => {
  it('counts what is unread, live, and says 99+ of more', async () => {
    const id = somebody();
    await giveItems(engine, id, plainItems(2));
    const page = await openElements(browser, engine, id);
    await expect.poll(() => badge(page).textContent()).toBe('2');
    expect(await bell(page).getAttribute('aria-label')).toBe('Notifications, 2 unread');
    await giveItems(engine, id, [{ title: 'Now' }]);
    await expect.poll(() => badge(page).textContent()).toBe('3');
    await page.locator('carillon-bell [role=status]', { hasText: 'New notification: Now' }).waitFor({
      state: 'attached',
    });
    await giveItems(engine, id, plainItems(100));
    await expect.poll(() => badge(page).textContent()).toBe('99+');
    expect(await bell(page).getAttribute('aria-label')).toBe('Notifications, more than 99 unread');
    await page.evaluate(() => document.querySelector('carillon-bell')!.setAttribute('max', '9'));
    await expect.poll(() => badge(page).textContent()).toBe('9+');
  });

  it('shows the inbox, after which everything is seen, and hides it by a press on it, elsewhere, or Escape', async () => {
    const id = somebody();
    await giveItems(engine, id, [{ title: 'Hello' }]);
    const page = await openElements(browser, engine, id, {
      script: `window.opened = 0; document.addEventListener('carillon-open', () => opened++);`,
    });
    const popup = page.locator('carillon-bell .popup');
    await bell(page).click();
    await row(page, 'Hello').waitFor();
    const me = asPerson(engine, await tokenOf(engine, id));
    await expect
      .poll(async () => (await me('GET', '/v1/me/inbox/counts')).body)
      .toMatchObject({ unseen: 0, unread: 1 });
    await bell(page).click();
    await popup.waitFor({ state: 'hidden' });
    await bell(page).click();
    await popup.waitFor();
    await page.mouse.click(20, 400);
    await popup.waitFor({ state: 'hidden' });
    await bell(page).click();
    await expect.poll(() => page.evaluate('opened')).toBe(3);
    await page.keyboard.press('Escape');
    await popup.waitFor({ state: 'hidden' });
    await expect.poll(() => focused(page)).toBe('Notifications, 1 unread');
  });

  it('keeps two tabs of a person the same', async () => {
    const id = somebody();
    await giveItems(engine, id, [{ title: 'One' }, { title: 'Two' }]);
    const one = await openElements(browser, engine, id);
    const two = await one.context().newPage();
    await two.goto(one.url());
    await Promise.all([one, two].map((page) => expect.poll(() => badge(page).textContent()).toBe('2')));
    await bell(two).click();
    await row(two, 'Two').waitFor();
    await one.bringToFront();
    await bell(one).click();
    await row(one, 'One').hover();
    await row(one, 'One').locator('.read').click();
    await expect.poll(() => badge(two).textContent()).toBe('1');
    await expect.poll(() => two.locator('.row.unread > .title bdi').allTextContents()).toEqual(['Two']);
    await row(one, 'Two').hover();
    await row(one, 'Two').locator('.archive').click();
    await expect.poll(() => titles(two)).toEqual(['One']);
    await expect.poll(() => badge(two).count()).toBe(0);
    await expect.poll(() => badge(one).count()).toBe(0);
  });

  it('says that it is offline, keeps what there is, and catches up', async () => {
    const id = somebody();
    await giveItems(engine, id, [{ title: 'Before' }]);
    const page = await openElements(browser, engine, id);
    tolerate(page, /ERR_|WebSocket|Failed to fetch/);
    await bell(page).click();
    await row(page, 'Before').waitFor();
    await page.context().setOffline(true);
    await page.evaluate(() => dispatchEvent(new Event('offline')));
    await page.getByText('You are offline').waitFor();
    await giveItems(engine, id, [{ title: 'Meanwhile' }]);
    await screenshot(page, 'bell-offline');
    await page.context().setOffline(false);
    await row(page, 'Meanwhile').waitFor();
    await page.getByText('You are offline').waitFor({ state: 'detached' });
    await expect.poll(() => badge(page).textContent()).toBe('2');
  });

  it('takes its client from attributes, and another one from connect', async () => {
    const [one, two] = [somebody(), somebody()];
    await giveItems(engine, one, plainItems(1));
    await giveItems(engine, two, plainItems(2));
    const token = await tokenOf(engine, two);
    const page = await openElements(browser, engine, one, {
      body: `<carillon-bell id="page"></carillon-bell><carillon-bell id="own" api-url="${engine.url}" token="${token}"></carillon-bell>`,
    });
    await expect.poll(() => page.locator('#page .badge').textContent()).toBe('1');
    await expect.poll(() => page.locator('#own .badge').textContent()).toBe('2');
    await page.evaluate(`carillon.connect({ token: ${JSON.stringify(token)} })`);
    await expect.poll(() => page.locator('#page .badge').textContent()).toBe('2');
  });

  it('shows nothing of a person who has signed out, whose connection ends', async () => {
    const [one, two] = [somebody(), somebody()];
    await giveItems(engine, one, plainItems(2));
    await giveItems(engine, two, plainItems(1));
    const page = await openElements(browser, engine, one, { body: bellBody });
    const sockets: WebSocket[] = [];
    page.on('websocket', (socket) => sockets.push(socket));
    await page.reload();
    await expect.poll(() => page.evaluate('client.status')).toBe('live');
    const isClosed = () => sockets.at(-1)?.isClosed();
    expect(isClosed()).toBe(false);
    await expect.poll(() => badge(page).textContent()).toBe('2');
    await bell(page).click();
    await row(page, 'Item 1').waitFor();
    await page.evaluate('carillon.disconnect()');
    await expect.poll(isClosed).toBe(true);
    await expect.poll(() => rows(page).count()).toBe(0);
    expect(await badge(page).count()).toBe(0);
    await page.evaluate(`carillon.connect({ token: ${JSON.stringify(await tokenOf(engine, two))} })`);
    await expect.poll(() => rows(page).count()).toBe(1);
  });
});

describe('with a keyboard alone', () => {
  it('the bell opens, the list is walked and changed, and focus is never lost', async () => {
    const id = somebody();
    await giveItems(engine, id, [{ title: 'First' }, { title: 'Second' }, { title: 'Third' }]);
    const page = await openElements(browser, engine, id);
    await badge(page).waitFor();
    const press = (key: string) => page.keyboard.press(key);
    await bell(page).focus();
    await press('Enter');
    await row(page, 'Third').waitFor();
    await page.locator('carillon-bell .popup').waitFor();
    // Filter, read all, more, tabs, the first entry.
    for (let step = 0; step < 5; step++) await press('Tab');
    expect(await focused(page)).toContain('First');
    await press('ArrowDown');
    expect(await focused(page)).toContain('Second');
    await press('End');
    expect(await focused(page)).toContain('Third');
    await press('Home');
    await press('r');
    await expect.poll(() => page.locator('.row.unread').count()).toBe(2);
    await press('e');
    await expect.poll(() => titles(page)).toEqual(['Second', 'Third']);
    await expect.poll(() => focused(page)).toContain('Second');
    await press('ArrowDown');
    await press('Delete');
    await expect.poll(() => titles(page)).toEqual(['Second']);
    await expect.poll(() => focused(page)).toContain('Second');
    // The entry's own buttons come after it.
    await press('Tab');
    expect(await focused(page)).toBe('Mark as read');
    await press('Shift+Tab');
    await press('s');
    await page.getByRole('menu').waitFor();
    await press('Escape');
    await expect.poll(() => focused(page)).toContain('Second');
    await press('Escape');
    await page.locator('carillon-bell .popup').waitFor({ state: 'hidden' });
    await expect.poll(() => focused(page)).toContain('Notifications');
  });

  it('the tabs are changed by arrow keys, the other way round from right to left', async () => {
    const page = await openElements(browser, engine, somebody(), { body: inboxBody, dir: 'rtl' });
    await page.getByRole('tab', { name: 'All' }).focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => focused(page)).toBe('Unread');
    expect(await page.getByRole('tab', { name: 'Unread' }).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focused(page)).toBe('Archived');
  });

  it('leaving the inbox closes it', async () => {
    const page = await openElements(browser, engine, somebody());
    await bell(page).click();
    await page.getByText('You are all caught up').waitFor();
    await page.getByRole('link', { name: 'A link' }).focus();
    await page.locator('carillon-bell .popup').waitFor({ state: 'hidden' });
  });
});

describe('what hostile people write', () => {
  it('is text, runs nothing, loads nothing and leads nowhere', async () => {
    const id = somebody();
    await giveItems(engine, id, hostileItems);
    const page = await openElements(browser, engine, id, { body: inboxBody });
    await rows(page).last().waitFor();
    expect(await titles(page)).toEqual([...hostileItems.slice(0, -1).map(({ title }) => title), 'direct']);
    const inside = (code: string) =>
      page.evaluate(
        `(() => { const root = document.querySelector('carillon-inbox').shadowRoot; return ${code} })()`,
      );
    expect(await inside(`[...root.querySelectorAll('a')].map((link) => link.getAttribute('href'))`)).toEqual([
      'https://example.com/',
      '/x',
    ]);
    expect(await inside(`root.querySelectorAll('.row script, .row style, .row img, .row b').length`)).toBe(0);
    expect(await inside(`root.querySelector('.row').getBoundingClientRect().width <= innerWidth`)).toBe(true);
    expect(
      await inside(`root.querySelector('.scroll').scrollWidth <= root.querySelector('.scroll').clientWidth`),
    ).toBe(true);
    await rows(page).first().locator('.title').click();
    expect(await page.evaluate('window.ran')).toBeUndefined();
    await screenshot(page, 'inbox-hostile');
  });
});

describe('the look', () => {
  const person = somebody();
  beforeAll(() => giveItems(engine, person, workdays));

  it.each([
    { name: 'light' },
    { name: 'dark', colorScheme: 'dark' as const },
    { name: 'right to left', dir: 'rtl' as const, lang: 'ar' },
    { name: 'French', lang: 'fr' },
    { name: 'a phone', width: 375, height: 740, hasTouch: true },
  ])('is accessible: $name', async ({ name, ...view }) => {
    const page = await openElements(browser, engine, person, {
      ...view,
      body: bellBody.replace('<p>Page</p>', '<carillon-inbox></carillon-inbox>'),
    });
    await rows(page).nth(7).waitFor();
    await page.locator('.mark svg path[d]').nth(7).waitFor();
    await screenshot(page, `inbox-${name}`);
    await bell(page).click();
    await page.locator('carillon-bell .row[data-id]').nth(3).waitFor();
    await page.locator('carillon-bell').locator('#tool-filters').click();
    await page.locator('carillon-bell carillon-filters select').nth(2).waitFor();
    await screenshot(page, `bell-${name}`);
    expect(await accessibilityProblems(page), 'with the bell open').toEqual([]);
    await page.locator('carillon-bell .row[data-id]').first().hover();
    await page.locator('carillon-bell .row[data-id]').first().locator('.more').click();
    await page.getByRole('menu').waitFor();
    await screenshot(page, `menu-${name}`);
    expect(await accessibilityProblems(page), 'with a menu').toEqual([]);
  });

  it('is the page’s to choose by custom properties and by theme', async () => {
    const page = await openElements(browser, engine, person, {
      body: '<carillon-bell theme="dark"></carillon-bell>',
      style: 'carillon-bell { --carillon-badge: rgb(0, 90, 0); }',
    });
    await badge(page).waitFor();
    const style = (selector: string, name: string) =>
      page.evaluate(
        `getComputedStyle(document.querySelector('carillon-bell').shadowRoot.querySelector('${selector}')).${name}`,
      );
    expect(await style('.badge', 'backgroundColor')).toBe('rgb(0, 90, 0)');
    expect(await style('.popup', 'backgroundColor')).toBe('rgb(23, 25, 31)');
  });

  it('speaks a language that the page adds, and English where that says nothing', async () => {
    const page = await openElements(browser, engine, person, {
      lang: 'de-AT',
      script: `carillon.addMessages('de', { 'inbox.unread': 'Ungelesen', 'bell.unread': { one: '{count} neue', other: '{count} neue' } });`,
    });
    await badge(page).waitFor();
    expect(await bell(page).getAttribute('aria-label')).toBe('3 neue');
    await bell(page).click();
    await page.getByRole('tab', { name: 'Ungelesen' }).waitFor();
    await page.getByRole('tab', { name: 'Archived' }).waitFor();
    await page.evaluate(() => (document.documentElement.lang = 'fr'));
    await page.getByRole('tab', { name: 'Non lues' }).waitFor();
  });
});
