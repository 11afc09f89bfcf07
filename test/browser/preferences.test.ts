import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
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
  { name: 'dark-1280', view: { colorScheme: 'dark' } },
  { name: 'light-375', view: { width: 375 } },
  { name: 'dark-375', view: { width: 375, colorScheme: 'dark' } },
  { name: 'light-720', view: { width: 720 } },
  { name: 'fr-1280', view: { lang: 'fr', locale: 'fr-FR' } },
  { name: 'fr-375', view: { lang: 'fr', locale: 'fr-FR', width: 375 } },
  { name: 'rtl-1280', view: { dir: 'rtl' } },
];
const said = {
  types: { mention: { email: false, cadence: 'daily' } },
  categories: { crm: { email: false } },
  quietHours: { windows: [{ start: '22:00', end: '07:00' }] },
};

describe('the preference page', () => {
  it.each(looks)('has no accessibility violation and looks well: $name', async ({ name, view }) => {
    const { page } = await preferencesPage({ ...view, said });
    await page.locator('table').waitFor();
    await page.locator('tr.type button.fold').first().click();
    expect(await accessibilityProblems(page)).toEqual([]);
    await full(page, `preferences-${name}`);
  });
});

/** As much of the page as there is. */
async function full(page: Page, name: string): Promise<void> {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: page.viewportSize()?.width ?? 1280, height });
  await screenshot(page, name);
}
