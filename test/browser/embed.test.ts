import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tolerate, useBrowser } from '../support/browser.js';
import { inbox } from '../support/live-inbox.js';
import { servePage } from '../support/serve-page.js';
import { startChecked, tokenOf, type CheckedEngine } from '../unit/api-checked.js';

const browser = useBrowser();
let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked({ worker: false });
});
afterAll(() => engine.stop());

let people = 0;

/** A page of another origin than Carillon's, with a bell; what it asked for is in `addresses`. */
async function hostPage(prepare = '') {
  people += 1;
  const id = `host-${people}`;
  const token = await tokenOf(engine, id);
  const add = inbox(engine, id);
  await add('Before');
  const served = await servePage({
    api: engine.url,
    body: '<main><h1>Host</h1><carillon-bell></carillon-bell></main>',
    script: `
      ${prepare}
      const { connect } = await import('${engine.url}/carillon.js');
      window.client = connect({ token: async () => '${token}', pollSeconds: 0.3 });`,
  });
  const allowed = await engine.call('PUT', '/v1/tenant/auth', { allowedOrigins: [served.origin] });
  expect([200, 201]).toContain(allowed.status);
  const page = await browser.open('about:blank');
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(request.url()));
  page.on('websocket', (socket) => addresses.push(socket.url()));
  await page.goto(served.url);
  const badge = page.locator('carillon-bell .badge');
  const status = () => page.evaluate('window.client?.status');
  return { page, add, badge, status, addresses, token };
}

describe('a page of another origin', () => {
  it('has a live bell over a WebSocket, and the token in no address', async () => {
    const { page, add, badge, status, addresses, token } = await hostPage();
    await expect.poll(() => badge.textContent()).toBe('1');
    await expect.poll(status).toBe('live');
    await add('After');
    await expect.poll(() => badge.textContent()).toBe('2');
    await page.locator('carillon-bell .bell').click();
    await page.getByText('After', { exact: true }).waitFor();
    expect(await page.evaluate('window.client.readAll()')).toEqual({ updated: 2 });
    await expect.poll(() => badge.count()).toBe(0);
    expect(addresses.some((address) => /^ws:.*transport=websocket/.test(address))).toBe(true);
    expect(addresses.filter((address) => address.includes(token))).toEqual([]);
    expect(addresses.filter((address) => /library-socket|polling/.test(address))).toEqual([]);
  });

  it('has one over polling where no WebSocket gets through', async () => {
    const { add, badge, status, addresses, token } = await hostPage(`
      window.WebSocket = class { constructor() { setTimeout(() => this.onerror()); } close() {} };`);
    await expect.poll(status, { timeout: 15_000 }).toBe('live');
    await add('After');
    await expect.poll(() => badge.textContent()).toBe('2');
    expect(addresses.some((address) => address.includes('transport=polling'))).toBe(true);
    expect(addresses.filter((address) => address.includes(token))).toEqual([]);
  });

  it('has counts that are asked for where no socket gets through at all', async () => {
    const { page, add, badge, status } = await hostPage(`
      window.WebSocket = class { constructor() { setTimeout(() => this.onerror()); } close() {} };`);
    tolerate(page, /ERR_FAILED|socket\.io/);
    await page.route(/\/socket\.io\//, (route) => route.abort());
    await page.reload();
    await expect.poll(status).toBe('polling');
    await add('After');
    await expect.poll(() => badge.textContent()).toBe('2');
  });
});
