import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import type { Preferences } from '../../contracts/preferences.js';
import { accessibilityProblems } from '../support/accessibility.js';
import { screenshot, tolerate, useBrowser, type View } from '../support/browser.js';
import { servePage } from '../support/serve-page.js';
import { asPerson, startChecked, tokenOf, type CheckedEngine } from '../unit/api-checked.js';

const browser = useBrowser();
let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked({ worker: false });
  await engine.call('PUT', '/v1/tenant/channels/sms/providers/twilio', {
    credentials: { accountSid: `AC${'0'.repeat(32)}`, authToken: 'secret', from: '+33123456789' },
  });
  await engine.call('PUT', '/v1/tenant/channels/slack/providers/slack', { credentials: { token: 'xoxb-1' } });
});
afterAll(() => engine.stop());

/** What is to come true while a busy machine gets there. */
const soon = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 15_000, interval: 50 });

let people = 0;

/** A person's preference page, with what they have said by then. */
async function preferencesPage({
  said,
  fields = {},
  attributes = '',
  lang,
  dir,
  ...view
}: View & {
  said?: object;
  fields?: object;
  attributes?: string;
  lang?: string;
  dir?: 'ltr' | 'rtl';
} = {}) {
  people += 1;
  const id = `u-${people}`;
  await engine.call('PUT', `/v1/subscribers/${id}`, { email: `${id}@example.com`, ...fields });
  const me = asPerson(engine, await tokenOf(engine, id));
  if (said) expect((await me('PATCH', '/v1/me/preferences', said)).status).toBe(200);
  const token = await tokenOf(engine, id);
  const served = await servePage({
    api: engine.url,
    onApiOrigin: true,
    lang,
    dir,
    body: `<main><h1>Settings</h1><carillon-preferences token="${token}" ${attributes}></carillon-preferences></main>`,
    script: `import '${engine.url}/carillon-preferences.js';`,
    style:
      'html { color-scheme: light dark } body { margin: 24px auto; max-width: 1040px; padding: 0 12px; font: 15px system-ui; background: light-dark(#f7f8fa, #101216); color: CanvasText }',
  });
  const page = await browser.open(served, view);
  const stored = async () => (await me<Preferences>('GET', '/v1/me/preferences')).body;
  return { page, me, stored };
}

const looks: { name: string; view: Parameters<typeof preferencesPage>[0] }[] = [
  { name: 'light-1280', view: {} },
  { name: 'dark-375', view: { width: 375, colorScheme: 'dark' } },
  { name: 'fr-720', view: { lang: 'fr', locale: 'fr-FR', width: 720 } },
  { name: 'rtl-1280', view: { dir: 'rtl' } },
];
/** Only to be looked at. */
const moreLooks: typeof looks = [
  { name: 'dark-1280', view: { colorScheme: 'dark' } },
  { name: 'light-375', view: { width: 375 } },
  { name: 'fr-1280', view: { lang: 'fr', locale: 'fr-FR' } },
  { name: 'fr-375', view: { lang: 'fr', locale: 'fr-FR', width: 375 } },
  { name: 'rtl-375', view: { dir: 'rtl', width: 375 } },
];
const said = {
  types: { mention: { email: false, cadence: 'daily' } },
  categories: { crm: { email: false } },
  quietHours: { windows: [{ start: '22:00', end: '07:00' }] },
};

describe('the preference page', () => {
  it.each(process.env.TEST_SCREENSHOTS ? [...looks, ...moreLooks] : looks)(
    'has no accessibility violation and looks well: $name',
    async ({ name, view }) => {
      const { page } = await preferencesPage({ ...view, said });
      await page.locator('table').waitFor();
      await page.locator('tr.type button.fold').first().click();
      expect(await accessibilityProblems(page)).toEqual([]);
      await full(page, `preferences-${name}`);
    },
  );
});

const cell = (page: Page, name: string) => page.getByRole('switch', { name, exact: true });
const openAll = (page: Page) => page.getByRole('button', { name: 'Expand all' }).click();
/** What an element is described by, for those who do not see it. */
const described = (control: Locator) =>
  control.evaluate((element) => {
    const root = element.getRootNode() as ShadowRoot;
    return root.getElementById(element.getAttribute('aria-describedby') ?? '')?.textContent;
  });

describe('a type', () => {
  it('is turned off on one channel at once, and it says whose choice that is', async () => {
    const { page, stored } = await preferencesPage();
    await openAll(page);
    const mention = cell(page, 'Mention by email');
    expect(await mention.isChecked()).toBe(true);
    expect(await described(mention)).toBe('The default of this notification');
    await mention.click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect(await mention.isChecked()).toBe(false);
    expect(await described(mention)).toBe('Your choice for this notification');
    expect((await stored()).types).toEqual({ mention: { email: false } });
  });

  it('shows what the tenant has set up, and nothing else', async () => {
    const { page } = await preferencesPage();
    await soon(() => page.getByRole('columnheader').allInnerTexts()).toEqual([
      'Notification',
      'In-app',
      'Email',
      'SMS',
      'Slack',
      'How often',
    ]);
  });

  it('that is locked cannot be turned off, and says so', async () => {
    const { page, stored } = await preferencesPage();
    await openAll(page);
    const alert = cell(page, 'Security alert by email');
    expect(await described(alert)).toBe('Always sent: it cannot be turned off');
    expect(await alert.getAttribute('aria-disabled')).toBe('true');
    await alert.click({ force: true });
    expect(await alert.isChecked()).toBe(true);
    await alert.press('Space');
    expect(await alert.isChecked()).toBe(true);
    expect((await stored()).types).toEqual({});
  });

  it('comes as often as is chosen, for all channels or for one, where something is collected', async () => {
    const { page, stored } = await preferencesPage({ said: { channels: { sms: true } } });
    await openAll(page);
    const often = page.getByRole('combobox', { name: 'How often: Mention', exact: true });
    await often.selectOption('daily');
    await soon(async () => (await stored()).types.mention).toEqual({ cadence: 'daily' });
    await page.getByRole('button', { name: 'Details: Mention', exact: true }).click();
    await page.getByRole('combobox', { name: 'How often: Mention by SMS' }).selectOption('weekly');
    await soon(async () => (await stored()).types.mention?.cadence).toMatchObject({
      email: 'daily',
      sms: 'weekly',
    });
    expect(await often.evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.text)).toBe(
      'By channel',
    );
    expect(await page.getByRole('combobox', { name: 'How often: Mention in-app' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Back to the defaults: Mention', exact: true }).click();
    await soon(async () => (await stored()).types).toEqual({});
    await soon(() => often.inputValue()).toBe('immediate');
  });

  it('is found by its name, whatever its case and accents', async () => {
    const { page } = await preferencesPage({ lang: 'fr', locale: 'fr-FR' });
    const search = page.getByRole('searchbox', { name: 'Rechercher une notification' });
    await search.fill('REPONSE votre');
    await soon(() => page.locator('tr.type th').allInnerTexts()).toEqual(['Réponse à votre commentaire']);
    await search.fill('nothing like it');
    await page.getByText('Rien ne porte ce nom.').waitFor();
  });

  it('may be called anything', async () => {
    const hostile = '<img src=x onerror="window.pwned = 1"> مرحبا \u202e 👩‍👩‍👧‍👦';
    const long = 'very'.repeat(24);
    await engine.call('PUT', '/v1/types/hostile', { category: 'contracts', label: { en: hostile } });
    await engine.call('PUT', '/v1/types/long', { category: `${'x'.repeat(60)}`, label: { en: long } });
    try {
      const { page } = await preferencesPage({ width: 375 });
      await openAll(page);
      await page.getByRole('rowheader', { name: hostile }).waitFor();
      await page.getByRole('rowheader', { name: long }).waitFor();
      expect(await page.evaluate('window.pwned')).toBeUndefined();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
      expect(await accessibilityProblems(page)).toEqual([]);
    } finally {
      for (const name of ['hostile', 'long']) await engine.call('DELETE', `/v1/types/${name}`);
    }
  });
});

describe('a category', () => {
  it('is switched as a whole, with what was chosen otherwise for its types', async () => {
    const { page, stored } = await preferencesPage({
      said: { types: { mention: { email: false, sms: true } } },
    });
    await openAll(page);
    const all = page.getByRole('checkbox', { name: 'All of Collaboration by email' });
    expect(await all.evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(true);
    await all.click();
    await soon(async () => (await stored()).categories).toEqual({ collaboration: { email: true } });
    expect((await stored()).types.mention).toEqual({ email: true, sms: true });
    await soon(() => cell(page, 'Mention by email').isChecked()).toBe(true);
    expect(await all.evaluate((box: HTMLInputElement) => [box.checked, box.indeterminate])).toEqual([
      true,
      false,
    ]);
    expect(await described(cell(page, 'Reply to your comment by email'))).toBe(
      'Your choice for the whole category',
    );
  });

  it('is opened and closed', async () => {
    const { page } = await preferencesPage();
    const head = page.getByRole('button', { name: /^Contracts/ });
    expect(await head.getAttribute('aria-expanded')).toBe('false');
    await head.press('Enter');
    await cell(page, 'Contract updated by email').waitFor();
    await head.press('Space');
    await cell(page, 'Contract updated by email').waitFor({ state: 'detached' });
  });
});

describe('a channel', () => {
  it('is turned off, and collected, as a whole', async () => {
    const { page, stored } = await preferencesPage();
    await cell(page, 'Email').click();
    await soon(async () => (await stored()).channels).toEqual({ email: false });
    await page.getByRole('combobox', { name: 'How often: Email' }).selectOption('weekly');
    await soon(async () => (await stored()).cadences).toEqual({ email: 'weekly' });
    expect(await page.getByRole('combobox', { name: 'How often: In-app' }).count()).toBe(0);
    await page.getByText('On for 2 of 51 notifications · 2 always sent').waitFor();
    await page.getByText('There is no phone number of yours on record.').waitFor();
  });
});

describe('a change', () => {
  it('shows at once, and is taken back with the reason where it is refused', async () => {
    const { page, stored } = await preferencesPage();
    await openAll(page);
    tolerate(page, /503/);
    let refuse = (): void => undefined;
    const held = new Promise<void>((resolve) => (refuse = resolve));
    await page.route('**/v1/me/preferences', async (route) => {
      if (route.request().method() !== 'PATCH') return route.fallback();
      await held;
      await route.fulfill({ status: 503, json: { code: 'unavailable', detail: 'away' } });
    });
    const mention = cell(page, 'Mention by email');
    await mention.click();
    expect(await mention.isChecked()).toBe(false);
    await page.getByText('Saving…').waitFor();
    refuse();
    await page.getByRole('alert').getByText('something went wrong on our side').waitFor();
    expect(await mention.isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect((await stored()).types).toEqual({});
  });

  it('follows the one before it, and none is lost', async () => {
    const { page, stored } = await preferencesPage();
    await openAll(page);
    for (const name of ['Mention by email', 'Mention in-app', 'Invitation by email', 'Mention by email'])
      await cell(page, name).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect((await stored()).types).toEqual({
      mention: { email: true, in_app: false },
      workspace_invitation: { email: false },
    });
  });
});

describe('quiet hours', () => {
  const window = (page: Page, number: number) => page.getByRole('group', { name: `Window ${number}` });

  it('are several windows with their days, in a zone of their own', async () => {
    const { page, stored } = await preferencesPage();
    const quiet = async () => (await stored()).quietHours;
    await cell(page, 'Quiet hours').click();
    const all = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
    await soon(quiet).toEqual({ windows: [{ days: all, start: '22:00', end: '07:00' }] });
    await page.getByRole('button', { name: 'Add a window' }).click();
    for (const day of ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'])
      await window(page, 2).getByRole('button', { name: day }).click();
    await window(page, 2).getByLabel('To').fill('15:30');
    await page
      .locator('carillon-preferences-quiet-hours')
      .getByLabel('Time zone', { exact: true })
      .selectOption('Asia/Tokyo');
    await soon(quiet).toEqual({
      timezone: 'Asia/Tokyo',
      windows: [
        { days: all, start: '22:00', end: '07:00' },
        { days: ['sat', 'sun'], start: '12:00', end: '15:30' },
      ],
    });
    await page.getByRole('button', { name: 'Remove window 1' }).click();
    await soon(async () => (await quiet())?.windows.length).toBe(1);
    await cell(page, 'Quiet hours').click();
    await soon(async () => (await quiet())?.windows).toEqual([]);
    await page.getByRole('button', { name: 'Back to the default' }).click();
    await soon(quiet).toBeNull();
  });

  it('that are refused stay in their field with the reason, until they are right or undone', async () => {
    const { page, stored } = await preferencesPage({
      said: {
        quietHours: {
          windows: [
            { start: '22:00', end: '07:00' },
            { start: '12:00', end: '13:00' },
          ],
        },
      },
    });
    tolerate(page, /400/);
    const end = window(page, 2).getByLabel('To');
    await end.fill('23:00');
    const reason = page.getByRole('alert').getByText('it overlaps with window 1 on');
    await reason.waitFor();
    expect([await end.inputValue(), await end.getAttribute('aria-invalid')]).toEqual(['23:00', 'true']);
    expect(await window(page, 1).getByLabel('To').getAttribute('aria-invalid')).toBe('false');
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'preferences-refused');
    await page.getByRole('button', { name: 'Undo' }).click();
    await reason.waitFor({ state: 'detached' });
    expect(await end.inputValue()).toBe('13:00');
    await end.fill('14:00');
    await soon(async () => (await stored()).quietHours?.windows[1]?.end).toBe('14:00');
  });
});

describe('the rest of the page', () => {
  it('takes consent back, and gives it again', async () => {
    const { page, stored } = await preferencesPage();
    const learn = page.getByRole('switch', { name: 'Learn when I read' });
    const tell = page.getByRole('switch', { name: 'Tell senders what I open' });
    expect([await learn.isChecked(), await tell.isChecked()]).toEqual([true, true]);
    await learn.click();
    await soon(async () => (await stored()).insights).toBe(false);
    await tell.click();
    await soon(async () => (await stored()).tracking).toBe(false);
    await learn.click();
    await soon(async () => (await stored()).insights).toBe(true);
    expect(await tell.isChecked()).toBe(false);
    await page.locator('carillon-preferences-privacy').scrollIntoViewIfNeeded();
    await screenshot(page, 'preferences-privacy');
  });

  it('pauses what interrupts, and ends that', async () => {
    const { page, stored } = await preferencesPage();
    await page.getByRole('button', { name: 'For 1 hour' }).click();
    await page.getByText('Paused until').waitFor();
    const fromAnHourMs = async () =>
      Math.abs(Date.parse((await stored()).mutedUntil ?? '') - Date.now() - 3_600_000);
    await soon(fromAnHourMs).toBeLessThan(60_000);
    await page.getByRole('button', { name: 'Resume now' }).click();
    await soon(async () => (await stored()).mutedUntil).toBeNull();
    await page.getByRole('button', { name: 'Until…' }).click();
    await page.getByLabel('Pause until').fill('2020-01-01T10:00');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText('Choose a time that is still to come.').waitFor();
    await page.getByLabel('Pause until').fill('2099-01-01T10:00');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await soon(async () => (await stored()).mutedUntil).toBe('2099-01-01T09:00:00.000Z');
  });

  it('says when digests come', async () => {
    const { page, stored } = await preferencesPage();
    await page.getByLabel('Time of day').fill('07:45');
    await page.getByLabel('Day of weekly digests').selectOption('fri');
    await soon(async () => await stored()).toMatchObject({ digestAt: '07:45', digestOn: 'fri' });
  });

  it('mutes topics one by one', async () => {
    for (const topic of ['design', 'launch'])
      await engine.call('PUT', `/v1/topics/${topic}/members`, { add: [`u-${people + 1}`] });
    const { page, stored } = await preferencesPage({ said: { mutedTopics: ['gone'] } });
    expect(await cell(page, 'gone').isChecked()).toBe(false);
    await cell(page, 'design').click();
    await soon(async () => (await stored()).mutedTopics).toEqual(['gone', 'design']);
    await cell(page, 'gone').click();
    await soon(async () => (await stored()).mutedTopics).toEqual(['design']);
    expect(await cell(page, 'launch').isChecked()).toBe(true);
  });

  it('sets the own language and zone, and takes the zone of the device', async () => {
    const { page, me } = await preferencesPage({ timezone: 'America/New_York' });
    const person = page.locator('carillon-preferences-person');
    await person.getByLabel('Language of notifications').selectOption({ label: 'French' });
    await person.getByLabel('Time zone', { exact: true }).selectOption('Asia/Tokyo');
    const stored = async () => (await me<object>('GET', '/v1/me')).body;
    await soon(stored).toMatchObject({ locale: 'fr', timezone: 'Asia/Tokyo' });
    await page.getByText('in the time zone Asia/Tokyo').waitFor();
    await person.getByRole('button', { name: 'Use that of this device: America/New York' }).click();
    await soon(stored).toMatchObject({ timezone: 'America/New_York' });
  });

  it('goes back to the defaults once that was confirmed', async () => {
    const { page, stored } = await preferencesPage({ said });
    const button = page.getByRole('button', { name: 'Reset to defaults' });
    await button.click();
    const dialog = page.getByRole('dialog', { name: 'Reset all preferences?' });
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(
      await button.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element),
    ).toBe(true);
    expect((await stored()).types).not.toEqual({});
    await button.click();
    await dialog.getByRole('button', { name: 'Reset' }).click();
    await soon(async () => await stored()).toMatchObject({ types: {}, categories: {}, quietHours: null });
  });

  it('is only what the page asks for', async () => {
    const { page } = await preferencesPage({ attributes: 'sections="quiet-hours pause"' });
    await soon(() => page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([
      'Pause',
      'Quiet hours',
    ]);
  });

  it('is all reached by keyboard', async () => {
    const { page, stored } = await preferencesPage({ attributes: 'sections="types"' });
    const search = page.getByRole('searchbox');
    await search.focus();
    await search.pressSequentially('mention');
    await cell(page, 'Mention by email').waitFor();
    const names: (string | null | undefined)[] = [];
    for (let steps = 0; steps < 40; steps += 1) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate(() => {
        let focused: Element | null = document.activeElement;
        while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
        return focused?.getAttribute('aria-label') ?? focused?.tagName;
      });
      names.push(name);
      if (name === 'Mention by email') break;
    }
    expect(names).toContain('All of Collaboration by email');
    expect(names.at(-1)).toBe('Mention by email');
    await page.keyboard.press('Space');
    await soon(async () => (await stored()).types).toEqual({ mention: { email: false } });
  });

  it('says why it could not be loaded, and tries again', async () => {
    const { page } = await preferencesPage();
    tolerate(page, /50[03]/);
    await page.route('**/v1/me/types*', (route) =>
      route.fulfill({ status: 500, json: { code: 'internal', detail: 'broken' } }),
    );
    await page.reload();
    await page.getByRole('alert').getByText('something went wrong on our side').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.unroute('**/v1/me/types*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('table').waitFor();
  });
});

/** As much of the page as there is. */
async function full(page: Page, name: string): Promise<void> {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: page.viewportSize()?.width ?? 1280, height });
  await screenshot(page, name);
}
