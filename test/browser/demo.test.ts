import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { builtInTypes } from '../../templates/built-in-types.js';
import { accessibilityProblems } from '../support/accessibility.js';
import { screenshot, useBrowser, type View } from '../support/browser.js';
import { bothLive, demoPage, type DemoPage } from '../support/demo-page.js';
import { startEngine, type Engine } from '../support/engine.js';

const tenant = { id: 'northwind', timezone: 'Europe/Paris' };
const browser = useBrowser();
/** What a page shows after a press has gone through every server, on a machine that may be busy. */
const soon = { timeout: 15_000 };
let engine: Engine;

beforeAll(async () => {
  const servers = { temporalAddress: inject('temporalAddress'), mongodbUri: inject('mongodbUri') };
  engine = await startEngine({ ...servers, tenant, env: { CARILLON_DEMO_TENANT: tenant.id } });
});
afterAll(() => engine.stop());

async function open(view?: View): Promise<DemoPage> {
  const page = await browser.open(`${engine.url}/demo`, view);
  await bothLive(page);
  return demoPage(page);
}

/** Each test finds both with an empty inbox and without preferences. */
beforeEach(async () => {
  const opened = await fetch(`${engine.url}/demo/session`, {
    method: 'POST',
    headers: { origin: engine.url },
  });
  const { people } = (await opened.json()) as { people: { token: string }[] };
  for (const { token } of people) {
    await engine.api('DELETE', '/v1/me/inbox?filter=all', undefined, { token });
    await engine.api('POST', '/v1/me/preferences/reset', {}, { token });
  }
});

describe('the demo page', () => {
  it('tells Ann of every built-in type in her bell, and Ben of none', async () => {
    const demo = await open();
    const types = builtInTypes.filter(({ name }) => name !== 'digest');
    // One after the other would take longer than all tests of the page together.
    const buttons = demo.page.locator('button[data-type]');
    expect(await buttons.count()).toBe(types.length);
    await buttons.evaluateAll((all) => all.forEach((button) => (button as HTMLElement).click()));
    const inbox = types.filter(({ defaultChannels }) => defaultChannels.includes('in_app'));
    await expect.poll(() => demo.unread('ann'), { timeout: 40_000 }).toBe(String(inbox.length));
    await demo.page.locator('#bell-ann').click();
    await expect.poll(async () => (await demo.titles('ann')).length, soon).toBeGreaterThanOrEqual(20);
    expect(await demo.unread('ben')).toBe('');
    await screenshot(demo.page, 'demo-bell');
  });

  it('shows in its log what went where, and sends real mails', async () => {
    const demo = await open();
    await demo.page.getByLabel('Ask for an SMS').check();
    await (await demo.typeButton('contract_rejected')).click();
    const story = demo.story('contract_rejected');
    await story.locator('[data-channel=email].good').waitFor();
    expect(await story.locator('[data-channel=sms]').innerText()).toBe('SMS left out: no provider is set up');
    await story.getByText('What happened').click();
    await story.getByText('accepted').waitFor();
    const answer = await story.getByRole('link', { name: /API answer/ }).getAttribute('href');
    const id = /^\/demo\/notifications\/ntf_(\w+)$/.exec(answer ?? '')?.[1];
    // Its Message-ID begins with the notification's; mails of others may still come.
    const own = engine.smtp.mails.filter(({ raw }) =>
      raw.toLowerCase().includes(`<${String(id).toLowerCase()}`),
    );
    expect(own).toHaveLength(1);
  });

  it('holds a mail in quiet hours, not the inbox, until somebody sends it now', async () => {
    const demo = await open();
    await demo.seat('ben').getByRole('switch', { name: 'Quiet hours' }).click();
    await demo.page.getByLabel('Ben', { exact: true }).check();
    await (await demo.typeButton('report_ready')).click();
    const story = demo.story('report_ready');
    await story.locator('[data-channel=in_app].good').waitFor();
    expect(await story.locator('[data-channel=email]').innerText()).toMatch(
      /^Email held until .+: quiet hours$/,
    );
    await expect.poll(() => demo.unread('ben'), soon).toBe('1');
    await story.getByRole('button', { name: 'Send now' }).click();
    await story.locator('[data-channel=email].good').waitFor();
    await demo.seat('ben').getByRole('switch', { name: 'Quiet hours', checked: true }).click();
  });

  it('tells Ben what Ann does with a contract, and leads him to it', async () => {
    const demo = await open();
    await demo.seat('ann').getByRole('button', { name: 'Approve: Office lease, Lyon' }).click();
    await expect.poll(() => demo.unread('ben'), soon).toBe('1');
    expect(await demo.unread('ann')).toBe('');
    await demo.page.locator('#bell-ben').click();
    await demo.page.locator('#bell-ben [part~=item] a').first().click();
    await demo.seat('ben').locator('.contracts li.marked', { hasText: 'Office lease' }).waitFor();
    await expect.poll(() => demo.unread('ben'), soon).toBe('');
  });

  it('is worked with the keyboard', async () => {
    const { page } = await open();
    await page.locator('#tab-ann-contracts').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#tab-ann-inbox').getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('#tab-ann-preferences').getAttribute('aria-selected')).toBe('true');
    await page.locator('#bell-ann').getByRole('button').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('#bell-ann').getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#bell-ann').getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it.each<View>([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 375 },
  ])('has nothing that keeps somebody out: %j', async (view) => {
    const { page, ...demo } = await open(view);
    await (await demo.typeButton('approval_request')).click();
    await demo.story('approval_request').locator('[data-channel=email].good').waitFor();
    await page.getByText('What happened').first().click();
    await page.locator('#tab-ann-inbox').click();
    await page.locator('#tab-ben-preferences').click();
    await page.locator('#seat-ann carillon-inbox [part~=item]').first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    // Nothing is wider than the window.
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    await screenshot(page, `demo-${view.colorScheme}-${view.width}`);
  });
});
