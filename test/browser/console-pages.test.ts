import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { accessibilityProblems, dialogProblems } from '../support/accessibility.js';
import { screenshot, tolerate, useBrowser, type View } from '../support/browser.js';
import { openConsole } from '../support/console-page.js';
import { eventually, startEngine, type Engine } from '../support/engine.js';
import { WRONG_LOGIN } from '../support/redrives.js';

const tenant = { id: 'northwind', timezone: 'Europe/Paris' };
const browser = useBrowser();
let engine: Engine;

interface Row {
  id: string;
  status: string;
}

const person = (id: string) => ({ id, email: `${id}@example.com` });

/** Triggers for a person, and waits for the notification to be as it is wanted. */
async function trigger(id: string, status: string, more: object = {}): Promise<string> {
  const answer = await engine.api('POST', '/v1/notifications', {
    type: 'approval_request',
    to: { recipient: person(id) },
    data: { contract: { title: 'NDA with Acme' }, requester: 'Ann' },
    ...more,
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  const made = answer.body as Row;
  await eventually(
    `${made.id} ${status}`,
    () => engine.api('GET', `/v1/notifications/${made.id}`),
    ({ body }) => (body as Row).status === status,
  );
  return made.id;
}

let sent: string;
let failed: string;
let held: string;
let reset: string;
let broadcast: string;

beforeAll(async () => {
  const servers = { temporalAddress: inject('temporalAddress'), mongodbUri: inject('mongodbUri') };
  const env = { CARILLON_BULK_PAGE: '20', CARILLON_BULK_CHUNK: '4', CARILLON_BULK_LANES: '1' };
  engine = await startEngine({
    ...servers,
    tenant,
    env: { ...env, TEMPORAL_UI_URL: 'http://127.0.0.1:8233' },
  });
  const later = new Date(Date.now() + 7_200_000).toISOString();
  const collected = (title: string) =>
    trigger('eve', 'digesting', {
      data: { contract: { title }, requester: 'Ann' },
      digestKey: 'contracts',
      digest: { period: 'PT1H' },
    });
  [sent, reset, held] = await Promise.all([
    trigger('ann', 'sent'),
    trigger('ann', 'sent', {
      type: 'password_reset',
      data: { link: 'https://app.example/reset?s3cret', code: '998877', expiresIn: '15 minutes' },
    }),
    trigger('dora', 'held', { sendAt: later }),
    collected('NDA with Acme'),
    collected('Office lease, Lyon'),
  ]);
  engine.smtp.behave(WRONG_LOGIN);
  [failed] = await Promise.all([
    trigger('ben', 'partial'),
    trigger('cleo', 'failed', { channels: ['email'] }),
  ]);
  engine.smtp.behave();
  const recipients = Array.from({ length: 24 }, (_, at) => `p-${String(at).padStart(2, '0')}`);
  await Promise.all(recipients.map((id) => engine.api('PUT', `/v1/subscribers/${id}`, {})));
  const made = await engine.api('POST', '/v1/broadcasts', {
    name: 'Spring news',
    type: 'system',
    content: { in_app: { title: 'News', message: 'Something happened' } },
    channels: ['in_app'],
    audience: { recipients: recipients.map((id) => ({ id })) },
    spreadOver: 'PT10M',
  });
  expect(made.status, JSON.stringify(made.body)).toBe(202);
  broadcast = (made.body as Row).id;
});
afterAll(() => engine.stop());

const open = (path: string, view: View = {}) => openConsole(browser, engine, tenant.id, path, view);
const row = (page: Page, id: string) => page.locator(`[data-id="${id}"]`);

describe('every page', () => {
  // Before what follows changes anything.
  it.each<View>([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 375 },
  ])('has nothing that keeps somebody out, in %j', async (view) => {
    const page = await open('', view);
    for (const [name, path] of Object.entries({
      overview: '',
      deliveries: '/deliveries',
      story: `/notifications/${failed}`,
      failures: '/failures',
      held: '/held',
      digests: '/held?show=digests',
      broadcasts: '/broadcasts',
      find: '/find?recipient=ben',
    })) {
      await page.goto(`${engine.url}/console${path}`);
      await page.locator('main h1').waitFor();
      await page.locator('.skeleton').waitFor({ state: 'detached' });
      expect(await accessibilityProblems(page), name).toEqual([]);
      const tooWide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(tooWide, name).toBeLessThanOrEqual(0);
      await screenshot(page, `console-${name}-${view.colorScheme}-${view.width}`);
    }
  });
});

describe('the delivery log', () => {
  it('is narrowed by filters that stand in the address', async () => {
    const page = await open('/deliveries');
    await row(page, `${sent}-email`).waitFor();
    await page.getByLabel('Status').selectOption('failed');
    await row(page, `${sent}-email`).waitFor({ state: 'detached' });
    await row(page, `${failed}-email`).getByText('The provider refused our credentials').waitFor();
    expect(page.url()).toContain('status=failed');
    await page.getByRole('searchbox', { name: 'Person', exact: true }).fill('cleo');
    await page.keyboard.press('Enter');
    await row(page, `${failed}-email`).waitFor({ state: 'detached' });
    await page.reload();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.goBack();
    await row(page, `${failed}-email`).waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await row(page, `${sent}-email`).waitFor();
  });

  it('shows new deliveries as they happen, marked, until somebody stops it', async () => {
    const page = await open('/deliveries?recipient=fay');
    await page.getByText('Nothing fits').waitFor();
    const first = await trigger('fay', 'sent');
    await page.locator(`.fresh[data-id="${first}-email"]`).waitFor();
    await page.getByRole('button', { name: 'Live' }).click();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const second = await trigger('fay', 'sent');
    expect(asked.filter((url) => url.includes('/v1/deliveries'))).toEqual([]);
    await page.getByRole('button', { name: 'Paused' }).click();
    await row(page, `${second}-email`).waitFor();
  });

  it('says what is wrong with a filter that was typed into the address', async () => {
    const page = await open('/deliveries?status=lost');
    tolerate(page, /400 \(Bad Request\)/);
    const alert = page.getByRole('alert');
    await alert.getByText('validation_failed').waitFor();
    expect(await alert.innerText()).toMatch(/status.*Check what was filled in/is);
  });
});

describe('the story of a notification', () => {
  it('tells the plan in words, every attempt with the provider’s answer, and where its run is', async () => {
    const page = await open(`/notifications/${failed}`);
    const plan = page.getByRole('region', { name: 'What was decided' });
    await plan.locator('[data-channel=email]', { hasText: 'Goes out at once' }).waitFor();
    const mail = page.getByRole('region', { name: 'Deliveries' }).locator('[data-channel=email]');
    expect(await mail.innerText()).toMatch(/Failed: the provider refused our credentials[^]*530/);
    await mail.getByText('Renew the provider’s credentials').waitFor();
    const run = await page.getByRole('link', { name: 'Temporal run' }).getAttribute('href');
    expect(run).toContain(encodeURIComponent(failed));
    await page.getByRole('region', { name: 'What happened' }).getByText('Accepted').waitFor();
  });

  it('tries a failed delivery again', async () => {
    const page = await open(`/notifications/${failed}`);
    const mail = page.getByRole('region', { name: 'Deliveries' }).locator('[data-channel=email]');
    await mail.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('It is tried again').waitFor();
    await mail.locator('.badge[data-status=sent]').waitFor();
  });

  it('shows what a mail said, in a frame without scripts', async () => {
    const page = await open(`/notifications/${sent}`);
    const mail = page.getByRole('region', { name: 'Deliveries' }).locator('[data-channel=email]');
    await mail.getByRole('button', { name: 'Show what it says' }).click();
    const frame = page.locator('iframe');
    await page.frameLocator('iframe').getByText('Ann asks').first().waitFor();
    expect(await frame.getAttribute('sandbox')).toBe('allow-same-origin');
    await screenshot(page, 'console-content-light-1280');
  });

  it('masks what a type calls sensitive', async () => {
    const page = await open(`/notifications/${reset}`);
    const mail = page.getByRole('region', { name: 'Deliveries' }).locator('[data-channel=email]');
    await mail.getByRole('button', { name: 'Show what it says' }).click();
    await mail.getByText('Dots stand for: link, code.').waitFor();
    const text = await page.frameLocator('iframe').locator('body').innerText();
    expect(text).not.toMatch(/998877|s3cret/);
    expect(text).toContain('•••');
  });

  it('stops one that waits, once it was asked about', async () => {
    const later = new Date(Date.now() + 7_200_000).toISOString();
    const id = await trigger('gus', 'held', { sendAt: later });
    const page = await open(`/notifications/${id}`);
    await page
      .getByText(/Held until .*: scheduled for later/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('What has not gone out yet never will').waitFor();
    expect(await dialogProblems(dialog)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByRole('button', { name: 'Cancel notification' }).click();
    await page.locator('.title .badge[data-status=cancelled]').waitFor();
    expect(await page.getByRole('button', { name: 'Send now' }).count()).toBe(0);
  });

  it('says that there is none', async () => {
    const page = await open('/notifications/ntf_none');
    tolerate(page, /404 \(Not Found\)/);
    await page.getByRole('alert').getByText('There is no notification').waitFor();
  });
});

describe('the overview', () => {
  it('says first which provider is down, since when, and what waits for it', async () => {
    const page = await open('');
    await page.route('**/v1/tenant/channels', async (route) => {
      const response = await route.fetch();
      const answer = (await response.json()) as { items: { channel: string; down: object[] }[] };
      const since = new Date(Date.now() - 720_000).toISOString();
      answer.items
        .find(({ channel }) => channel === 'email')
        ?.down.push({ provider: 'smtp', since, waiting: 34 });
      await route.fulfill({ response, json: answer });
    });
    await page.reload();
    const trouble = page.getByRole('region', { name: 'A provider is down' });
    await trouble.getByText('34 deliveries wait for it').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'console-trouble-light-1280');
    await trouble.getByRole('link', { name: 'See what waits' }).click();
    await page.waitForURL('**/deliveries?channel=email&provider=smtp&status=parked');
  });
});

describe('failures', () => {
  it('are counted by reason and provider, and tried again after a dry run', async () => {
    const page = await open('/failures');
    const group = page.locator('[data-reason=auth_error]');
    await group.getByText('Email · smtp').waitFor();
    await screenshot(page, 'console-groups-light-1280');
    await group.getByRole('button', { name: 'Try again…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/Try (one delivery|\d+ deliveries) again\?/).waitFor();
    expect(await dialogProblems(dialog)).toEqual([]);
    await dialog.getByRole('button', { name: /^Try / }).click();
    await page.getByText('The redrive has begun').waitFor();
    await page.getByRole('region', { name: 'Redrives' }).locator('.badge[data-status=completed]').waitFor();
    await page
      .getByRole('region', { name: 'Redrives' })
      .getByText(/[1-9] sent/)
      .waitFor();
  });
});

describe('broadcasts', () => {
  it('are paused, resumed and cancelled while their progress is told live', async () => {
    const page = await open('/broadcasts');
    await page.getByRole('link', { name: 'Spring news' }).click();
    await page.getByRole('heading', { name: 'Spring news' }).waitFor();
    await page.locator('.title .badge[data-status=running]').waitFor();
    await page.getByText(/of 24/).first().waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.locator('.title .badge[data-status=paused]').waitFor();
    await page.getByRole('link', { name: /^Sent/ }).click();
    await page.waitForURL('**?status=sent');
    await page.locator('tbody tr').first().waitFor();
    await screenshot(page, 'console-broadcast-light-1280');
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.locator('.title .badge[data-status=running]').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel broadcast' }).click();
    await page.locator('.title .badge[data-status=cancelled]').waitFor();
    expect(page.url()).toContain(`/console/broadcasts/${broadcast}`);
  });
});

describe('what is held', () => {
  it('says why and until when, and is sent now', async () => {
    const page = await open('/held');
    const one = row(page, held);
    await one.locator('td.wide', { hasText: 'Scheduled for later' }).waitFor();
    await one.getByRole('button', { name: /^Send now/ }).click();
    await one.waitFor({ state: 'detached' });
  });

  it('is taken out of a digest, and the digest sent', async () => {
    const page = await open('/held?show=digests');
    await page.getByText('2 notifications').waitFor();
    await page
      .getByRole('button', { name: /^Remove: / })
      .first()
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('One notification').waitFor();
    await page.getByRole('button', { name: /^Send now/ }).click();
    await page.getByText('No digest collects').waitFor();
  });
});

describe('the search for why somebody got nothing', () => {
  it('tells for every notification of a person why each channel was left out', async () => {
    await engine.api('PUT', '/v1/subscribers/hal', { email: 'hal@example.com' });
    await engine.api('PATCH', '/v1/subscribers/hal/preferences', { channels: { email: false } });
    const id = await trigger('hal', 'sent');
    const page = await open('/find');
    await page.getByLabel('Person’s ID').fill('hal');
    await page.keyboard.press('Enter');
    await row(page, id).locator('[data-channel=email]', { hasText: 'the person turned it off' }).waitFor();
    await page.getByText('hal@example.com').waitFor();
  });

  it('says that nobody is known by an ID', async () => {
    const page = await open('/find?recipient=nobody');
    tolerate(page, /404 \(Not Found\)/);
    await page.getByText('Nobody of this ID is known').waitFor();
  });
});
