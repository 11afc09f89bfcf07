import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { accessibilityProblems, dialogProblems } from '../support/accessibility.js';
import { screenshot, tolerate, useBrowser, type View } from '../support/browser.js';
import { openConsole } from '../support/console-page.js';
import { eventually, startEngine, type Engine } from '../support/engine.js';

const tenant = { id: 'northwind', timezone: 'Europe/Paris' };
const place = '/templates/approval_request/email/en';
const browser = useBrowser();
let engine: Engine;

beforeAll(async () => {
  const servers = { temporalAddress: inject('temporalAddress'), mongodbUri: inject('mongodbUri') };
  engine = await startEngine({ ...servers, tenant });
});
afterAll(() => engine.stop());

const open = (path = '', view: View = {}) => openConsole(browser, engine, tenant.id, path, view);
/** What a frame shows: its policy runs no script, so it is asked from outside. */
const mail = `document.querySelector('carillon-console').shadowRoot.querySelector('console-template').shadowRoot
  .querySelector('console-rendered').shadowRoot.querySelector('console-mail-frame').shadowRoot
  .querySelector('iframe')`;

/** What has the focus, in whichever shadow it stands. */
const focused = `(() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  return { field: one?.getAttribute('aria-label'), from: one?.selectionStart };
})()`;

describe('the template editor', () => {
  it('opens from the list at a place that has no version yet, with a text to begin with', async () => {
    const page = await open('/templates');
    await page.getByText('The built-in texts are in use').waitFor();
    await page.getByRole('button', { name: 'New text' }).click();
    const form = page.locator('console-sheet');
    await form.getByLabel('Type').selectOption('approval_request');
    await form.getByLabel('Channel').selectOption('email');
    expect(await dialogProblems(form)).toEqual([]);
    tolerate(page, /404 \(Not Found\)/);
    await form.getByRole('button', { name: 'Open the editor' }).click();
    await page.waitForURL(`**/console${place}`);
    await page.getByText('No version yet').waitFor();
    await page.getByText('News from Acme').waitFor();
  });

  it('previews while one writes, saves a version, publishes it, and goes back to an earlier one', async () => {
    const page = await open(place);
    tolerate(page, /404 \(Not Found\)/);
    const source = page.getByRole('textbox', { name: 'MJML' });
    await page.getByLabel('Subject').fill('Please approve {{ contract.title }}');
    await source.fill('<mj-text color="#123456">Dear {{ recipient.id }}</mj-text>');
    await page.locator('.subject', { hasText: 'Please approve' }).waitFor();
    await eventually(
      'the mail in its frame, with its own colours',
      () =>
        page.evaluate(
          `[...${mail}.contentDocument.querySelectorAll('div')].some((one) => one.style.color === 'rgb(18, 52, 86)')`,
        ),
      (isShown) => isShown === true,
    );
    await page.getByLabel('Note').fill('Shorter');
    await page.getByRole('button', { name: 'Save as a new version' }).click();
    await page.getByText('Version 1 is saved').waitFor();
    await source.fill('<mj-text>Second</mj-text>');
    await page.getByRole('button', { name: 'Save as a new version' }).click();
    await page.getByText('Version 2 is saved').waitFor();
    for (const version of [2, 1]) {
      await page.getByRole('button', { name: `Publish version ${version}` }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
      await page.locator(`[data-version="${version}"]`, { hasText: 'Published' }).waitFor();
    }
    const { body } = await engine.api('GET', `/v1${place}`);
    expect(body).toMatchObject({ latest: 2, published: { version: 1 } });
    expect(body.versions[1].note).toBe('Shorter');
  });

  it('says what is wrong, and leads to its line', async () => {
    const page = await open(place);
    tolerate(page, /422 \(Unprocessable/);
    const source = page.getByRole('textbox', { name: 'MJML' });
    await page.locator('console-mail-frame').waitFor();
    await source.fill('<mj-text>one</mj-text>\n<mj-txt>two</mj-txt>');
    const alert = page.getByRole('alert');
    await alert.getByRole('button', { name: /Line 2/ }).click();
    expect(await page.evaluate(focused)).toEqual({ field: 'MJML', from: 23 });
    // What was shown before stays in view.
    expect(await page.locator('console-mail-frame').isVisible()).toBe(true);
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'console-template-wrong');
  });

  it('fills it with the data that one gives, and refuses what is no JSON', async () => {
    const page = await open(place);
    const data = page.getByRole('textbox', { name: 'Sample data' });
    await page.getByLabel('Subject').fill('{{ contract.title }}');
    await page.locator('console-mail-frame').waitFor();
    await data.fill('{ "contract": { "title": "A lease" } }');
    await page.locator('.subject', { hasText: 'A lease' }).waitFor();
    await data.fill('{ "contract": ');
    await page.getByText('This is not JSON').waitFor();
  });

  it('indents with Tab, and lets the keyboard out after Escape', async () => {
    const page = await open(place);
    tolerate(page, /422 \(Unprocessable/);
    const source = page.getByRole('textbox', { name: 'MJML' });
    await page.locator('console-mail-frame').waitFor();
    await source.fill('a\nb');
    await source.press('Control+a');
    await source.press('Tab');
    expect(await source.inputValue()).toBe('  a\n  b');
    await source.press('Shift+Tab');
    expect(await source.inputValue()).toBe('a\nb');
    await source.press('Escape');
    await source.press('Tab');
    expect(await page.evaluate(focused)).not.toMatchObject({ field: 'MJML' });
  });

  it('sends a test with the version that is open', async () => {
    const page = await open(place);
    await page.locator('console-mail-frame').waitFor();
    await page.getByRole('button', { name: 'Send a test' }).click();
    const form = page.locator('console-sheet');
    await form.getByLabel('To').fill('reader@northwind.example');
    expect(await dialogProblems(form)).toEqual([]);
    await form.getByRole('button', { name: 'Send', exact: true }).click();
    await eventually(
      'the mail',
      () => Promise.resolve(engine.smtp.mails),
      (mails) => mails.some(({ envelope }) => envelope.to.includes('reader@northwind.example')),
    );
  });

  it('shows nothing of a mail that would run, or load from elsewhere', async () => {
    const page = await open(place);
    await page.locator('console-mail-frame').waitFor();
    await page.getByLabel('Written as').selectOption('html');
    await page
      .getByRole('textbox', { name: 'HTML' })
      .fill(
        '<style>p { color: rgb(1, 2, 3) }</style><p id="x" onclick="top.ran = true" style="margin: 7px">Hello</p><img src="https://tracker.example/x.gif" alt="logo"><script>top.ran = true</script>',
      );
    await eventually(
      'its style',
      () =>
        page.evaluate(`getComputedStyle(${mail}.contentDocument.getElementById('x') ?? document.body).color`),
      (color) => color === 'rgb(1, 2, 3)',
    );
    const inside = (what: string) => page.evaluate(`${mail}.contentDocument.${what}`);
    expect(await inside("getElementById('x').style.margin")).toBe('7px');
    expect(await inside("querySelector('img').getAttribute('src')")).toBeNull();
    await page.evaluate(`${mail}.contentDocument.getElementById('x').click()`);
    expect(await page.evaluate('window.ran')).toBeUndefined();
  });

  it.each<View>([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 1280 },
    { colorScheme: 'light', width: 375 },
    { colorScheme: 'dark', width: 375 },
  ])('has nothing that keeps somebody out: %j', async (view) => {
    const page = await open(place, view);
    await page.locator('console-mail-frame').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    await page.getByRole('button', { name: 'Phone' }).click();
    await screenshot(page, `console-template-${view.colorScheme}-${view.width}`);
    await page.getByRole('link', { name: 'All templates' }).click();
    await page.getByRole('link', { name: 'Approval request' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, `console-templates-${view.colorScheme}-${view.width}`);
  });
});
