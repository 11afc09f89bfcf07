import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { Ports } from '../../embedded/ports.js';
import { startApp, type AppProcess } from '../support/app-process.js';
import { tolerate, useBrowser } from '../support/browser.js';
import { startEngine, type Engine } from '../support/engine.js';
import { mountPage, servePage } from '../support/serve-page.js';

/*
 * A bell whose API goes away, whose device is offline, whose sockets do not get through. The API that the page talks to is
 * a process of its own; what happens meanwhile comes in through the engine's.
 */
const keys = `k1:${randomBytes(32).toString('base64')}`;
const browser = useBrowser();
/** What a page shows after a press has gone through every server, on a machine that may be busy. */
const soon = { timeout: 15_000 };
let engine: Engine;
let port: string;
let url: string;
let api: AppProcess;
let turn = 0;
let person: string;

beforeAll(async () => {
  const servers = { temporalAddress: inject('temporalAddress'), mongodbUri: inject('mongodbUri') };
  engine = await startEngine({ ...servers, env: { CARILLON_KEYS: keys } });
  port = String(await new Ports().take(0));
  url = `http://127.0.0.1:${port}`;
  api = await startApi();
});
afterAll(async () => {
  // At once, since what it does at its end is not what is looked at here.
  await api.kill();
  await engine.stop();
});
beforeEach(() => {
  person = `p-${(turn += 1)}`;
});

async function startApi(): Promise<AppProcess> {
  const { MONGODB_URI, TEMPORAL_ADDRESS, CARILLON_BOOTSTRAP_KEY } = engine.config;
  const started = startApp('api', {
    NODE_ENV: 'test',
    MONGODB_URI,
    TEMPORAL_ADDRESS,
    CARILLON_BOOTSTRAP_KEY,
    CARILLON_KEYS: keys,
    CARILLON_API_HOST: '127.0.0.1',
    CARILLON_API_PORT: port,
  });
  await started.logged('api ready');
  return started;
}

/** Something for the person, through the engine's own API. */
async function tell(title: string): Promise<void> {
  const { status } = await engine.api('POST', '/v1/notifications', {
    type: 'direct',
    to: { recipient: person },
    channels: ['in_app'],
    content: { in_app: { title, message: 'while you were away' } },
  });
  expect(status).toBe(202);
}

/** A page with a bell, on the origin of the API that goes away. */
async function openBell(before?: (page: Page) => Promise<void>): Promise<Page> {
  await engine.api('PUT', `/v1/subscribers/${person}`, {});
  const { body } = await engine.api('POST', `/v1/subscribers/${person}/token`, {});
  const served = await servePage({
    api: url,
    onApiOrigin: true,
    body: '<main><h1>Host</h1><carillon-bell></carillon-bell></main>',
    script: `
      import { CarillonClient, connect } from '${url}/carillon.js';
      window.client = connect(new CarillonClient({ token: ${JSON.stringify(body.token)}, pollSeconds: 1 }));
    `,
  });
  const page = await browser.open('about:blank');
  await before?.(page);
  await mountPage(page.context(), served);
  await page.goto(served.url);
  return page;
}

const badge = (page: Page) => page.locator('carillon-bell [part~=badge]');
const status = (page: Page) => page.evaluate('window.client?.status');
const titles = (page: Page) => page.locator('carillon-bell [part~=title] bdi').allInnerTexts();

describe('a bell', () => {
  it('shows all that happened while its API was being started anew, without anybody’s doing', async () => {
    const page = await openBell();
    tolerate(page, /ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE|WebSocket|503/);
    await expect.poll(() => status(page), soon).toBe('live');
    await tell('before');
    await expect.poll(() => badge(page).innerText(), soon).toBe('1');
    await api.kill();
    await expect.poll(() => status(page), soon).not.toBe('live');
    await Promise.all([tell('during one'), tell('during two')]);
    api = await startApi();
    await tell('after');
    await expect.poll(() => badge(page).innerText(), soon).toBe('4');
    await page.locator('carillon-bell').click();
    await expect
      .poll(async () => (await titles(page)).sort(), soon)
      .toEqual(['after', 'before', 'during one', 'during two']);
  });

  it('says that it is offline, and shows all that happened once it is back', async () => {
    const page = await openBell();
    tolerate(page, /ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|WebSocket/);
    await expect.poll(() => status(page), soon).toBe('live');
    await page.context().setOffline(true);
    await expect.poll(() => status(page), soon).not.toBe('live');
    await Promise.all([tell('one'), tell('two')]);
    await page.context().setOffline(false);
    await expect.poll(() => badge(page).innerText(), soon).toBe('2');
    await expect.poll(() => status(page), soon).toBe('live');
  });

  it('asks for the counts where sockets do not get through', async () => {
    const page = await openBell(async (fresh) => {
      tolerate(fresh, /ERR_BLOCKED_BY_CLIENT|ERR_FAILED|WebSocket/);
      await fresh.routeWebSocket(/socket\.io/, (socket) => void socket.close());
      await fresh.route(/socket\.io/, (route) => route.abort('blockedbyclient'));
    });
    await expect.poll(() => status(page), soon).toBe('polling');
    await tell('by counts');
    await expect.poll(() => badge(page).innerText(), soon).toBe('1');
    await page.locator('carillon-bell').click();
    await expect.poll(() => titles(page), soon).toEqual(['by counts']);
  });
});
