import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audienceOf } from '../../models/system-messages.js';
import { accessibilityProblems } from '../support/accessibility.js';
import { screenshot, tolerate, useBrowser, type View } from '../support/browser.js';
import { inbox, type PutItem } from '../support/live-inbox.js';
import { servePage } from '../support/serve-page.js';
import { asPerson, startChecked, tokenOf, type CheckedEngine, type Item } from '../unit/api-checked.js';

const browser = useBrowser();
let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked({ worker: false });
});
afterAll(() => engine.stop());

interface Given extends View {
  /** Of the element. */
  attributes?: string;
  /** In the inbox before the page is opened. */
  before?: PutItem[];
  lang?: string;
  dir?: 'ltr' | 'rtl';
}

/** What is to come true while a busy machine gets there. */
const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 15_000, interval: 50 });

let people = 0;

/** A page with toasts, connected. */
async function toastsPage({ attributes = '', before = [], lang, dir, ...view }: Given = {}) {
  people += 1;
  const id = `u-${people}`;
  const token = await tokenOf(engine, id);
  const add = inbox(engine, id);
  if (before.length > 0) await add(...before);
  const served = await servePage({
    api: engine.url,
    onApiOrigin: true,
    lang,
    dir,
    body: `<main><h1>Host</h1><button>Elsewhere</button></main><carillon-toasts ${attributes}></carillon-toasts>`,
    script: `
      import { connect } from '${engine.url}/carillon-toasts.js';
      window.client = connect({ token: '${token}' });
      window.chosen = [];
      addEventListener('carillon-toast-click', (event) => {
        window.chosen.push(event.detail.item.title);
        if (window.keepsOff) event.preventDefault();
      });`,
    style:
      'html { color-scheme: light dark } body { font: 15px system-ui; background: Canvas; color: CanvasText }',
  });
  const page = await browser.open(served, view);
  await connected(page);
  const me = asPerson(engine, token);
  const item = async (which = '') => (await me<Item>('GET', `/v1/me/inbox/${which}`)).body;
  return { id, page, add, me, item };
}

/** A page's policy forbids what `waitForFunction` does. */
const until = (page: Page, expression: string) => soon(() => page.evaluate(expression)).toBe(true);
const connected = (page: Page) => until(page, 'window.client?.status === "live"');
const toasts = (page: Page) => page.locator('.toast:not(:empty)');
const toast = (page: Page, title: string) => toasts(page).filter({ hasText: title });
const shown = async (page: Page) =>
  (await toasts(page).locator('.title').allTextContents()).map((title) => title.trim());
const slow = 'timeout="60000"';

describe('what arrives', () => {
  it('is shown for a while, and what was there before is not', async () => {
    const { page, add } = await toastsPage({ attributes: 'timeout="600"', before: [{ title: 'Old' }] });
    await add('New');
    await toast(page, 'New').waitFor();
    expect(await shown(page)).toEqual(['New']);
    await toast(page, 'New').waitFor({ state: 'detached' });
  });

  it('is what nobody has seen before, too, where the page wants that', async () => {
    const { page } = await toastsPage({
      attributes: `missed ${slow}`,
      before: [{ title: 'Old' }, { title: 'Seen', row: { seenAt: new Date(), unseen: undefined } }],
    });
    await toast(page, 'Old').waitFor();
    expect(await shown(page)).toEqual(['Old']);
  });

  it('is 5 seconds at the top right with a bar, unless it says otherwise', async () => {
    const { page, add } = await toastsPage({ reducedMotion: 'no-preference' });
    const read = () =>
      page.evaluate(() => {
        const { position, timeout, progress } = document.querySelector('carillon-toasts') as never as Record<
          string,
          unknown
        >;
        return { position, timeout, progress };
      });
    expect(await read()).toEqual({ position: 'top-right', timeout: 5000, progress: true });
    await add('New');
    const bar = toast(page, 'New').locator('.bar');
    await bar.waitFor();
    // It slides in.
    await toast(page, 'New').evaluate((element) =>
      Promise.all(element.getAnimations().map(({ finished }) => finished)),
    );
    const box = await toast(page, 'New').boundingBox();
    expect([box && box.x + box.width, box?.y]).toEqual([1264, 16]);
    const durations = await bar.evaluate((element) =>
      element.getAnimations().map((animation) => animation.effect?.getTiming().duration),
    );
    expect(durations).toEqual([5000]);
  });

  it('is shown in any corner, without a bar where the page wants none', async () => {
    const { page, add } = await toastsPage({ attributes: `${slow} progress="off"` });
    await add('New');
    await toast(page, 'New').waitFor();
    const at = async (position: string) => {
      await page.evaluate(
        (value) => document.querySelector('carillon-toasts')?.setAttribute('position', value),
        position,
      );
      const box = await toast(page, 'New').boundingBox();
      return (
        box && { x: box.x, [box.y < 400 ? 'top' : 'bottom']: box.y < 400 ? box.y : 800 - box.y - box.height }
      );
    };
    expect(await at('top-left')).toEqual({ x: 16, top: 16 });
    expect(await at('top-center')).toEqual({ x: 450, top: 16 });
    expect(await at('bottom-right')).toEqual({ x: 884, bottom: 16 });
    expect(await at('bottom-start')).toEqual({ x: 16, bottom: 16 });
    expect(await page.locator('.bar').count()).toBe(0);
  });

  it('speaks up where it is grave, and stays where it is critical', async () => {
    const { page, add } = await toastsPage({ attributes: 'timeout="400"' });
    await add(
      { title: 'For your information' },
      { title: 'Expires soon', row: { severity: 'warning' } },
      { title: 'Failed', row: { severity: 'error' } },
      { title: 'New sign-in', row: { severity: 'error', type: 'security_alert', category: 'security' } },
    );
    await toast(page, 'New sign-in').waitFor();
    expect(await page.getByRole('status').filter({ hasText: 'For your information' }).count()).toBe(1);
    expect(await page.getByRole('alert').allInnerTexts()).toHaveLength(3);
    await toast(page, 'Failed').waitFor({ state: 'detached' });
    expect(await shown(page)).toEqual(['Urgent: New sign-in']);
    await page.getByRole('button', { name: 'Close: New sign-in' }).click();
    await toasts(page).waitFor({ state: 'detached' });
  });

  it('is of the severities that the page wants', async () => {
    const { page, add } = await toastsPage({ attributes: `${slow} severities="warning error"` });
    await add('Quiet', { title: 'Loud', row: { severity: 'warning' } });
    await toast(page, 'Loud').waitFor();
    expect(await shown(page)).toEqual(['Warning: Loud']);
  });

  it('is a word from the operator as well, in lines', async () => {
    const { id, page } = await toastsPage({ attributes: slow });
    await engine.models.systemMessages.insert(engine.tenantId, {
      audiences: [audienceOf('person', id)],
      text: 'Maintenance at ten',
      level: 'warning',
    });
    await toast(page, 'Maintenance at ten').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('Announcement');
  });

  it('waits for room, and all of it can be closed at once', async () => {
    const { page, add, item } = await toastsPage({ attributes: `${slow} max="2"` });
    const [first = ''] = await add('One');
    await toast(page, 'One').waitFor();
    for (const title of ['Two', 'Three', 'Four']) await add(title);
    await page.getByText('2 more').waitFor();
    expect(await shown(page)).toEqual(['One', 'Two']);
    await page.getByRole('button', { name: 'Close: One' }).click();
    await toast(page, 'Three').waitFor();
    expect(await shown(page)).toEqual(['Two', 'Three']);
    await page.getByRole('button', { name: 'Close all' }).click();
    await toasts(page).first().waitFor({ state: 'detached' });
    expect(await toasts(page).count()).toBe(0);
    expect((await item(first)).readAt).toBeNull();
  });
});

describe('a toast', () => {
  it('leads where its item does, and the item is read', async () => {
    const { page, add, item } = await toastsPage({ attributes: slow });
    const [id = ''] = await add({ title: 'Look', trigger: { actionUrl: '/health/live' } });
    await page.getByRole('link', { name: 'Look' }).click();
    await page.waitForURL('**/health/live');
    await soon(async () => (await item(id)).readAt).not.toBeNull();
  });

  it('leads nowhere where the page takes the click, and the item is read', async () => {
    const { page, add, item } = await toastsPage({ attributes: slow });
    await page.evaluate('window.keepsOff = true');
    const before = page.url();
    const [id = ''] = await add({ title: 'Look', trigger: { actionUrl: '/health/live' } });
    await page.getByRole('link', { name: 'Look' }).click();
    await toasts(page).waitFor({ state: 'detached' });
    expect(await page.evaluate('window.chosen')).toEqual(['Look']);
    expect(page.url()).toBe(before);
    await soon(async () => (await item(id)).readAt).not.toBeNull();
  });

  it('is no link to what is neither http(s) nor a path, and may be chosen all the same', async () => {
    const { page, add } = await toastsPage({ attributes: slow });
    const urls = ['javascript:alert(1)', 'data:text/html,x', '//evil.test/x'];
    await add(
      ...urls.map((url) => ({ title: url, trigger: { actionUrl: url, actions: [{ label: 'Act', url }] } })),
    );
    for (const url of urls) {
      const title = page.getByRole('button', { name: url, exact: true });
      await title.waitFor();
      expect(await page.getByRole('link').count()).toBe(0);
      await title.click();
      await title.waitFor({ state: 'detached' });
    }
    expect(await page.evaluate('window.chosen')).toEqual(urls);
  });

  it('stays while it is pointed at, or has the focus', async () => {
    const { page, add } = await toastsPage({ attributes: 'timeout="1200"' });
    await add('Look');
    await toast(page, 'Look').hover();
    await page.waitForTimeout(1400);
    expect(await toasts(page).count()).toBe(1);
    await page.keyboard.press('F8');
    await page.mouse.move(5, 500);
    await page.waitForTimeout(1400);
    expect(await toasts(page).count()).toBe(1);
    await page.keyboard.press('F8');
    await toasts(page).waitFor({ state: 'detached' });
  });

  it('goes when its item is read, put away or deleted elsewhere', async () => {
    const { page, add, me } = await toastsPage({ attributes: slow });
    const [read, archived, removed] = await add('Read', 'Archived', 'Removed');
    await toast(page, 'Removed').waitFor();
    expect(await toasts(page).count()).toBe(3);
    await me('POST', `/v1/me/inbox/${read}/read`);
    await toast(page, 'Read').waitFor({ state: 'detached' });
    await me('POST', `/v1/me/inbox/${archived}/archive`);
    await toast(page, 'Archived').waitFor({ state: 'detached' });
    await me('DELETE', `/v1/me/inbox/${removed}`);
    await toast(page, 'Removed').waitFor({ state: 'detached' });
  });

  it('is not shown again when the connection was away and is told it once more', async () => {
    const { page, add } = await toastsPage({ attributes: 'timeout="300"', before: [{ title: 'Old' }] });
    await add('New');
    await toast(page, 'New').waitFor();
    await toast(page, 'New').waitFor({ state: 'detached' });
    await page.evaluate(() => {
      const element = document.querySelector('carillon-toasts') as HTMLElement;
      (element as never as { seenTitles: string[] }).seenTitles = [];
      new MutationObserver(() => {
        for (const title of element.shadowRoot?.querySelectorAll('.title') ?? [])
          (element as never as { seenTitles: string[] }).seenTitles.push(title.textContent);
      }).observe(element.shadowRoot as ShadowRoot, { childList: true, subtree: true });
    });
    tolerate(page, /ERR_INTERNET_DISCONNECTED/);
    await page.context().setOffline(true);
    await until(page, 'window.client.status !== "live"');
    await add('While away');
    await page.context().setOffline(false);
    await connected(page);
    await toast(page, 'While away').waitFor();
    await toast(page, 'While away').waitFor({ state: 'detached' });
    const titles = await page.evaluate(
      () => (document.querySelector('carillon-toasts') as never as { seenTitles: string[] }).seenTitles,
    );
    expect([...new Set(titles)]).toEqual(['While away']);
  });

  it('is shown in one of several tabs where the page wants that', async () => {
    const { page, add } = await toastsPage({ attributes: `${slow} one-tab` });
    const other = await page.context().newPage();
    await other.goto(page.url());
    await connected(other);
    await page.bringToFront();
    for (const title of ['One', 'Two']) await add(title);
    await soon(async () => [...(await shown(page)), ...(await shown(other))].sort()).toEqual(['One', 'Two']);
    await page.waitForTimeout(800);
    expect([...(await shown(page)), ...(await shown(other))].sort()).toEqual(['One', 'Two']);
  });

  it('is swiped away', async () => {
    const { page, add, item } = await toastsPage({ attributes: slow, hasTouch: true, width: 375 });
    const [id = ''] = await add({ title: 'Swipe me', trigger: { actionUrl: '/health/live' } });
    const box = await toast(page, 'Swipe me').boundingBox();
    const session = await page.context().newCDPSession(page);
    const y = (box?.y ?? 0) + 30;
    const touch = (type: string, x?: number) =>
      session.send('Input.dispatchTouchEvent', {
        type: type as 'touchStart',
        touchPoints: x === undefined ? [] : [{ x, y }],
      });
    await touch('touchStart', 120);
    for (const x of [140, 180, 230, 290]) await touch('touchMove', x);
    await touch('touchEnd');
    await toasts(page).waitFor({ state: 'detached' });
    expect((await item(id)).readAt).toBeNull();
    expect(page.url()).not.toContain('health');
  });
});

describe('by keyboard', () => {
  it('one gets into the toasts, through them and back', async () => {
    const { page, add } = await toastsPage({ attributes: slow });
    const focused = () =>
      page.evaluate(() => {
        const host = document.activeElement;
        const inner = host?.shadowRoot?.activeElement ?? host;
        return inner?.getAttribute('aria-label') ?? inner?.textContent;
      });
    await page.getByRole('button', { name: 'Elsewhere' }).focus();
    await page.keyboard.press('F8');
    expect(await focused()).toBe('Elsewhere');
    await add('One');
    await toast(page, 'One').waitFor();
    await add('Two');
    await toast(page, 'Two').waitFor();
    await page.keyboard.press('F8');
    expect(await focused()).toBe('One');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Close: One');
    await page.keyboard.press('Escape');
    await toast(page, 'One').waitFor({ state: 'detached' });
    expect(await focused()).toBe('Close: Two');
    await page.keyboard.press('Enter');
    await toasts(page).waitFor({ state: 'detached' });
    await soon(focused).toBe('Elsewhere');
  });
});

const all: PutItem[] = [
  {
    title: 'Ann mentioned you in NDA with Acme',
    row: { message: '“Could you look at clause 4 before Friday?”', icon: 'at-sign', color: '#7c3aed' },
    trigger: { actionUrl: '/contracts/1' },
  },
  {
    title: 'Contract approved: Master services agreement',
    row: { message: 'Bob approved it.', icon: 'file-check', severity: 'success' },
  },
  {
    title: 'Lease Paris 8e expires in 7 days',
    row: { message: 'On 12 December 2026.', icon: 'clock', severity: 'warning' },
    trigger: {
      actions: [
        { label: 'Renew', url: '/renew' },
        { label: 'Let go', url: '/end' },
      ],
    },
  },
  {
    title: 'New sign-in from Lagos',
    row: {
      message: 'Chrome on Windows. If this was not you, change your password.',
      icon: 'shield-alert',
      severity: 'error',
      type: 'security_alert',
    },
  },
  { title: 'One more' },
];

describe('toasts', () => {
  it.each<{ name: string; view: Given }>([
    { name: 'light-1280', view: {} },
    { name: 'dark-375', view: { colorScheme: 'dark', width: 375, lang: 'fr', locale: 'fr-FR' } },
    { name: 'rtl-1280', view: { dir: 'rtl' } },
  ])('have no accessibility violation and look well: $name', async ({ name, view }) => {
    const { page, add } = await toastsPage({ ...view, attributes: slow });
    await add(...all);
    await page.locator('.rest').waitFor();
    await until(
      page,
      '[...document.querySelector("carillon-toasts").shadowRoot.querySelectorAll("path")].every((path) => path.getAttribute("d"))',
    );
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, `toasts-${name}`);
  });

  it('hold hostile texts', async () => {
    const hostile = [
      '<img src=x onerror="window.pwned = 1"><script>window.pwned = 1</script>',
      `${'very'.repeat(60)}long`,
      'مرحبا بالعالم \u202e reversed 👩‍👩‍👧‍👦🏳️‍🌈',
    ];
    const { page, add } = await toastsPage({ attributes: slow, width: 375 });
    await add(...hostile.map((title) => ({ title, row: { message: title } })));
    await toast(page, 'reversed').waitFor();
    expect((await shown(page)).sort()).toEqual([...hostile].sort());
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    const widths = await toasts(page).evaluateAll((found) =>
      found.map((one) => [one.scrollWidth, one.clientWidth]),
    );
    for (const [content, room] of widths) expect(content).toBeLessThanOrEqual(room ?? 0);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
