import type { Page } from 'playwright-core';
import type { TestBrowser, View } from './browser.js';
import type { Engine } from './engine.js';

/** Opens the console at a path below `/console`, signed in with the engine's platform key for a tenant of its. */
export async function openConsole(
  browser: TestBrowser,
  engine: Pick<Engine, 'url' | 'bootstrapKey'>,
  tenantId: string,
  path = '',
  view: View = {},
): Promise<Page> {
  const page = await browser.open('about:blank', view);
  const session = JSON.stringify({ token: engine.bootstrapKey, tenantId, isPlatform: true });
  // At first: who signs out stays signed out.
  await page.addInitScript(`
    if (window === top && window.name === '') {
      window.name = 'signed in once';
      sessionStorage.setItem('carillon-console-session', ${JSON.stringify(session)});
    }
  `);
  await page.goto(`${engine.url}/console${path}`);
  await page.locator('main h1').waitFor();
  return page;
}
