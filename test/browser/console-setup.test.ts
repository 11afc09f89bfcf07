import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { rollUpAll } from '../../activities/housekeeping/roll-up.js';
import { createLogger } from '../../runtime/logger.js';
import { accessibilityProblems, dialogProblems } from '../support/accessibility.js';
import { screenshot, tolerate, useBrowser, type View } from '../support/browser.js';
import { openConsole } from '../support/console-page.js';
import { eventually, startEngine, type Engine } from '../support/engine.js';
import { startEventReceiver, type EventReceiver } from '../support/event-receiver.js';
import { figures } from '../support/figures.js';
import { WRONG_LOGIN } from '../support/redrives.js';
import { latency, percent, type Analytics, type Day } from '../../web/console/pages/analytics/shapes.js';

const tenant = { id: 'northwind', timezone: 'Europe/Paris' };
const browser = useBrowser();
let engine: Engine;
let receiver: EventReceiver;

beforeAll(async () => {
  receiver = await startEventReceiver();
  const servers = { temporalAddress: inject('temporalAddress'), mongodbUri: inject('mongodbUri') };
  const env = { CARILLON_ALLOW_PRIVATE_ADDRESSES: 'true' };
  engine = await startEngine({ ...servers, tenant, env });
  await engine.api('PUT', '/v1/subscribers/u-7', {
    email: 'ann@northwind.example',
    phone: '+33612345678',
    locale: 'fr',
    timezone: 'Europe/Paris',
    roles: ['manager'],
  });
  await engine.api('PUT', '/v1/subscribers/u-7/preferences', {
    types: { contract_updated: { email: false, in_app: true }, mention: { email: true, cadence: 'daily' } },
    quietHours: { windows: [{ days: ['mon', 'tue'], start: '22:00', end: '07:00' }] },
  });
  await engine.api('POST', '/v1/suppressions', { channel: 'email', address: 'ann@northwind.example' });
});
afterAll(async () => {
  await engine.stop();
  await receiver.close();
});

/** Mentions somebody new, in the inbox and by mail. */
async function mention(id: string, status: string): Promise<void> {
  const answer = await engine.api('POST', '/v1/notifications', {
    type: 'mention',
    to: { recipient: { id, email: `${id}@northwind.example` } },
    channels: ['in_app', 'email'],
    data: { message: 'Look at this' },
  });
  const { id: made } = answer.body as { id: string };
  await eventually(
    `${made} ${status}`,
    () => engine.api('GET', `/v1/notifications/${made}`),
    ({ body }) => (body as { status: string }).status === status,
  );
}

const open = (path = '', view: View = {}) => openConsole(browser, engine, tenant.id, path, view);

describe('the pages of the console for setting up', () => {
  it('sets up, verifies, orders and removes a provider, whose secrets are not read back', async () => {
    const page = await open('/providers');
    await page.getByRole('button', { name: 'Add a provider for Email' }).click();
    const form = page.locator('console-sheet');
    await form.getByRole('combobox').first().selectOption('smtp');
    await form.locator('[name=host]').fill('127.0.0.1');
    await form.locator('[name=port]').fill(String(engine.smtp.port));
    await form.locator('[name=from]').fill('Northwind <hello@northwind.example>');
    await form.getByRole('button', { name: 'Try these first' }).click();
    await form.getByText('These credentials work.').waitFor();
    expect(await dialogProblems(form)).toEqual([]);
    await screenshot(page, 'console-provider-form');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('smtp is set up').waitFor();
    const row = page.locator('[data-provider=smtp]');
    await row.getByRole('button', { name: 'Verify' }).click();
    await row.getByText('smtp answers').waitFor();
    await screenshot(page, 'console-providers-verified');
    await row.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await row.waitFor({ state: 'detached' });
  });

  it('keeps one who may not see providers from them, and says what it takes', async () => {
    const made = await engine.api('POST', '/v1/api-keys', { name: 'console', roles: ['sender'] });
    const { key } = made.body as { key: string };
    const page = await openConsole(browser, { url: engine.url, bootstrapKey: key }, tenant.id, '/people');
    tolerate(page, /403 \(Forbidden\)/);
    await page.getByRole('link', { name: 'Providers' }).click();
    await page.getByText('Sign in with a key that has the role that it names.').waitFor();
  });

  it('finds a person by ID, shows what is in force and why, and writes to a stopped address again', async () => {
    const page = await open('/people');
    await page.getByLabel('By ID').fill('u-7');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console/people/u-7');
    await page.getByText('22:00 to 07:00, Mon, Tue').waitFor();
    const channel = (name: string) => page.locator(`[data-channel=${name}]`).innerText();
    expect(await channel('email')).toMatch(/On\s+Carillon’s default/);
    expect(await channel('sms')).toMatch(/Off\s+no provider is set up/);
    const type = page.locator('[data-type=contract_updated]');
    expect(await type.locator('td').nth(2).innerText()).toMatch(/Off\s+the person, for this type/);
    expect(await page.locator('[data-type=report_ready]').count()).toBe(0);
    await page.getByLabel('Only where the person said something').uncheck();
    await page.locator('[data-type=report_ready]').waitFor();
    await page.getByRole('button', { name: 'Write again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Write again' }).click();
    await page.getByText('Nothing is stopped').waitFor();
    expect((await engine.api('GET', '/v1/suppressions')).body.items).toEqual([]);
  });

  it('says of somebody who is not known that nobody is', async () => {
    const page = await open('/people/nobody');
    tolerate(page, /404 \(Not Found\)/);
    await page.getByText('Nobody of the ID “nobody” is known').waitFor();
  });

  it('makes a webhook endpoint, shows its secret once, tests, changes, replays and disables it', async () => {
    const page = await open('/webhooks');
    await page.getByRole('button', { name: 'Add an endpoint' }).click();
    const form = page.locator('console-sheet');
    await form.getByLabel('URL').fill(receiver.endpoint);
    await form.getByLabel('Every event').uncheck();
    await form.getByLabel('All of delivery').check();
    await screenshot(page, 'console-webhook-form');
    expect(await dialogProblems(form)).toEqual([]);
    await form.getByRole('button', { name: 'Create' }).click();
    const secret = await form.getByRole('textbox', { name: 'Secret' }).inputValue();
    expect(secret).toMatch(/^whsec_/);
    expect(await dialogProblems(form)).toEqual([]);
    receiver.secrets.push(secret);
    await form.getByRole('button', { name: 'I have stored it' }).click();
    await page.waitForURL('**/console/webhooks/*');
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('It took the test event, with status 204.').waitFor();
    expect(receiver.events.length).toBe(1);
    await page.locator('td', { hasText: 'webhook.test' }).waitFor();

    await page.getByRole('button', { name: 'New secret' }).click();
    await form.getByRole('combobox').waitFor();
    expect(await dialogProblems(form)).toEqual([]);
    await form.getByRole('button', { name: 'New secret' }).click();
    expect(await form.getByRole('textbox', { name: 'Secret' }).inputValue()).not.toBe(secret);
    await form.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByText('two sign').waitFor();

    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    await page.locator('console-replays li', { hasText: 'Completed' }).waitFor();
    await screenshot(page, 'console-webhook');
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByText('Disabled', { exact: true }).waitFor();
    expect(await page.getByText(secret).count()).toBe(0);
  });

  it('shows what was changed before and after, narrowed to what one asks', async () => {
    const setting = { timezone: 'Europe/London' };
    await engine.api('PATCH', '/v1/tenant', setting);
    const page = await open('/audit?action=tenant.changed');
    await page.getByText('1 change', { exact: true }).click();
    expect(await page.locator('.diff tbody tr').innerText()).toMatch(
      /timezone\s+Europe\/Paris\s+Europe\/London/,
    );
    await page.getByLabel('Who').fill('nobody');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing fits').waitFor();
  });

  it('draws the figures of a period, each with a table, and leads to what they are made of', async () => {
    const page = await open();
    await page.route('**/v1/analytics?**', (route) => route.fulfill({ json: figures() }));
    await page.getByRole('link', { name: 'Analytics' }).click();
    await page.locator('console-chart canvas').first().waitFor();
    await page.getByText('As a table: Volume by day').click();
    expect(await page.locator('section[aria-labelledby="analytics.daily"] details tbody tr').count()).toBe(
      30,
    );
    await page.getByRole('link', { name: '7 days' }).click();
    await page.waitForURL('**/console/analytics?days=7');
    await page.locator('select[name=channel]').selectOption('email');
    await page.waitForURL('**/console/analytics?days=7&channel=email');
    expect(await page.locator('.heatmap tbody td').count()).toBe(7 * 24);
  });

  it('shows of what was really sent the figures that the API tells', async () => {
    await mention('a-1', 'sent');
    await mention('a-2', 'sent');
    engine.smtp.behave(WRONG_LOGIN);
    await mention('a-3', 'partial');
    engine.smtp.behave();
    await rollUpAll({ models: engine.models, log: createLogger({ level: 'silent', name: 'test' }) });
    const told = (await engine.api('GET', '/v1/analytics?type=mention&days=30')).body as Analytics;
    expect(told).toMatchObject({ total_sent: 5, total_failed: 1, as_of: expect.any(String) as string });

    const page = await open('/analytics?type=mention');
    await page.locator('console-chart canvas').first().waitFor();
    const texts = (where: string) => page.locator(where).allTextContents();
    const number = (value: number) => value.toLocaleString('en-GB');
    const share = (value: number | null) => percent(value, 'en-GB');
    const ms = (value: number | null) => latency(value, 'en-GB');
    const { p50, p95, p99 } = told.latency_ms;
    expect(await texts('.tile b')).toEqual([
      ...[number(told.total_sent), number(told.total_failed), share(told.success_rate), ms(p50), ms(p95)],
      ...[share(told.open_rate), share(told.click_rate)],
    ]);
    expect((await texts('.tile small')).join()).toContain(ms(p99));
    expect(await texts('.heatmap tbody td .sr')).toEqual(told.activity_heatmap.flat().map(number));
    expect(await texts('section[aria-labelledby="analytics.daily"] details tbody td')).toEqual(
      told.daily.flatMap(({ date, sent, failed }) => [date, number(sent), number(failed)]),
    );
    const drawn = await page
      .locator('console-chart')
      .evaluateAll((charts) =>
        (charts as unknown as { series: { values: unknown; told?: unknown }[] }[]).map(({ series }) =>
          series.map((one) => one.told ?? one.values),
        ),
      );
    const byDay = (name: keyof Day) => told.daily.map((day) => day[name]);
    expect(drawn).toEqual([
      [byDay('failed'), byDay('sent')],
      [byDay('success_rate')],
      [byDay('average_latency_ms')],
    ]);
    expect(told.channels.map(({ channel }) => channel).sort()).toEqual(['email', 'in_app']);
    for (const { channel, sent, failed, latency_ms: taken } of told.channels) {
      expect(await texts(`[data-channel=${channel}] td.number`), channel).toEqual([
        ...[number(sent), number(failed), ms(taken.p50), ms(taken.p95), ms(taken.p99)],
      ]);
    }
    expect(await texts('section[aria-labelledby=patterns] td.number')).toEqual(['1']);
    await page.getByText('The provider refused our credentials', { exact: false }).waitFor();
  });

  it.each<View>([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 375 },
  ])('has nothing that keeps somebody out: %j', async (view) => {
    const page = await open('/people', view);
    await page.route('**/v1/analytics?**', (route) => route.fulfill({ json: figures() }));
    for (const path of ['people', 'people/u-7', 'providers', 'webhooks', 'audit', 'analytics']) {
      await page.goto(`${engine.url}/console/${path}`);
      await page.locator('main h1').waitFor();
      await page.locator('.skeleton').first().waitFor({ state: 'detached' });
      expect(await accessibilityProblems(page), path).toEqual([]);
      expect(
        await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
        path,
      ).toBeLessThanOrEqual(0);
      await screenshot(page, `console-${path.replace('/', '-')}-${view.colorScheme}-${view.width}`);
    }
  });
});
