import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { accessibilityProblems } from '../support/accessibility.js';
import { screenshot, tolerate, useBrowser, type View } from '../support/browser.js';
import { openConsole } from '../support/console-page.js';
import { startEngine, type Engine } from '../support/engine.js';

const tenant = { id: 'northwind', timezone: 'Europe/Paris' };
const browser = useBrowser();
let engine: Engine;

beforeAll(async () => {
  const servers = { temporalAddress: inject('temporalAddress'), mongodbUri: inject('mongodbUri') };
  engine = await startEngine({ ...servers, tenant, env: { CARILLON_DEMO_TENANT: tenant.id } });
  for (const id of ['a', 'b']) await engine.api('POST', '/v1/tenants', { id, name: `Tenant ${id}` });
});
afterAll(() => engine.stop());

const open = (path = '', view: View = {}) => openConsole(browser, engine, tenant.id, path, view);
const stored = 'sessionStorage.getItem("carillon-console-session")';

describe('the console', () => {
  it('is signed in to with a platform key, which names the tenant, and left again', async () => {
    const page = await browser.open(`${engine.url}/console`);
    await page.getByLabel('API key or token').fill(engine.bootstrapKey);
    // The one without a tenant is refused once: that is how it is told from a tenant's.
    tolerate(page, /400 \(Bad Request\)/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Tenant b' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.getByText('Every provider answers').waitFor();
    expect(page.url()).toBe(`${engine.url}/console`);
    await page.getByRole('button', { name: 'Change tenant' }).click();
    await page.getByLabel('Tenant ID').fill('a');
    await page.keyboard.press('Enter');
    await page.locator('console-sidebar .tenant', { hasText: 'Tenant a' }).waitFor();
    await page.reload();
    await page.locator('console-sidebar .tenant', { hasText: 'Tenant a' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to the console' }).waitFor();
    expect(await page.evaluate(stored)).toBeNull();
  });

  it('is signed in to with a tenant’s own key, which sees that tenant alone', async () => {
    const made = await engine.api('POST', '/v1/api-keys', { name: 'console', roles: ['sender'] });
    const page = await browser.open(`${engine.url}/console`);
    tolerate(page, /403 \(Forbidden\)/);
    await page.getByLabel('API key or token').fill((made.body as { key: string }).key);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.locator('console-sidebar .tenant', { hasText: 'Acme' }).waitFor();
    expect(await page.getByRole('button', { name: 'Change tenant' }).count()).toBe(0);
    await page.getByText('only an admin’s key may see').waitFor();
  });

  it('needs no key on the machine that Carillon is tried out on', async () => {
    const page = await browser.open(`${engine.url}/console`);
    await page.getByRole('button', { name: 'Sign in on this machine' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.getByText('Every provider answers').waitFor();
    expect(await page.evaluate(stored)).toContain('"token":"cs_');
  });

  it('says what is wrong with a key that is not known', async () => {
    const page = await browser.open(`${engine.url}/console`);
    tolerate(page, /401 \(Unauthorized\)/);
    await page.getByLabel('API key or token').fill('ck_nobodys');
    await page.keyboard.press('Enter');
    const alert = page.getByRole('alert');
    await alert.getByText('Carillon does not know this key').waitFor();
    expect(await alert.innerText()).toMatch(/unauthenticated\s+Request [\w.-]+/);
    expect(await page.evaluate(stored)).toBeNull();
  });

  it('asks to sign in again when the key is revoked, and goes on where one was', async () => {
    const made = await engine.api('POST', '/v1/api-keys', { name: 'short', roles: ['admin'] });
    const { id, key } = made.body as { id: string; key: string };
    const page = await browser.open(`${engine.url}/console/nowhere?a=b`);
    tolerate(page, /401 \(Unauthorized\)/);
    await page.getByLabel('API key or token').fill(key);
    await page.keyboard.press('Enter');
    await page.getByText('There is no such page').waitFor();
    await engine.api('DELETE', `/v1/api-keys/${id}`);
    await page.getByRole('link', { name: 'To the overview' }).click();
    await page.getByText('Your session is over').waitFor();
    expect(page.url()).toBe(`${engine.url}/console`);
  });

  it('says that the API is away, and goes on by itself once it is back', async () => {
    const page = await open();
    tolerate(page, /ERR_FAILED|ERR_INTERNET_DISCONNECTED/);
    await page.getByText('Every provider answers').waitFor();
    await page.route('**/v1/**', (route) => route.abort());
    await page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
    await page.getByText('Carillon does not answer').waitFor();
    // What was known stays in view.
    expect(await page.getByText('Every provider answers').isVisible()).toBe(true);
    await page.unroute('**/v1/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Carillon does not answer').waitFor({ state: 'detached' });
  });

  it('is worked with the keyboard', async () => {
    const page = await open();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(
      await page.evaluate('document.querySelector("carillon-console").shadowRoot.activeElement.id'),
    ).toBe('contents');
    await page.keyboard.press('/');
    await page.keyboard.type('u-1');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console/find?recipient=u-1');
  });

  it('loads nothing that its policy would have to make an exception for, and may be framed by nobody', async () => {
    const answer = await fetch(`${engine.url}/console/deliveries/deep`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(answer.status).toBe(200);
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/unsafe/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(await (await fetch(`${engine.url}/console/parts/none.js`)).json()).toMatchObject({
      code: 'not_found',
    });
  });

  it.each<View>([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 375 },
  ])('has nothing that keeps somebody out: %j', async (view) => {
    const page = await open('', view);
    await page.getByText('Every provider answers').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    await screenshot(page, `console-overview-${view.colorScheme}-${view.width}`);
    if (view.width === 375) {
      await page.getByRole('button', { name: 'Menu' }).click();
      expect(await accessibilityProblems(page)).toEqual([]);
      await screenshot(page, `console-menu-${view.colorScheme}-${view.width}`);
    }
    await page.evaluate('sessionStorage.clear()');
    await page.reload();
    await page.getByRole('button', { name: 'Sign in on this machine' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, `console-sign-in-${view.colorScheme}-${view.width}`);
  });
});

describe('a session of this machine', () => {
  const ask = (headers: Record<string, string>) =>
    fetch(`${engine.url}/console/session`, { method: 'POST', headers });

  it.each<{ what: string; headers: Record<string, string> }>([
    { what: 'another origin', headers: { origin: 'https://evil.test', 'x-carillon-console': '1' } },
    { what: 'a form', headers: {} },
    { what: 'a proxy', headers: { 'x-forwarded-for': '10.0.0.1', 'x-carillon-console': '1' } },
  ])('is not given to $what', async ({ what, headers }) => {
    const own: Record<string, string> = what === 'another origin' ? {} : { origin: engine.url };
    expect((await ask({ ...own, ...headers })).status).toBe(403);
  });

  it('is a platform operator’s, and nothing that was forged is', async () => {
    const answer = await ask({ origin: engine.url, 'x-carillon-console': '1' });
    const { token } = (await answer.json()) as { token: string };
    expect((await engine.api('GET', '/v1/tenants', undefined, { token })).status).toBe(200);
    const forged = `${token.slice(0, -4)}AAAA`;
    expect((await engine.api('GET', '/v1/tenants', undefined, { token: forged })).status).toBe(401);
  });
});
