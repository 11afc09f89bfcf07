import { describe, expect, it } from 'vitest';
import { findChromium } from '../../bench/chromium.js';
import { accessibilityProblems } from '../support/accessibility.js';
import { problemsOf, screenshot, tolerate, useBrowser } from '../support/browser.js';
import { startFileServer } from '../support/file-server.js';
import { servePage } from '../support/serve-page.js';

const browser = useBrowser();
const api = 'http://127.0.0.1:9';
const body = '<main><h1>Host</h1><p id="greeting">not yet</p></main>';

describe('a page that a test serves', () => {
  it.each([
    { where: 'an origin of its own', onApiOrigin: false },
    { where: 'the API’s own origin', onApiOrigin: true },
  ])('runs its module and has its style on $where', async ({ onApiOrigin }) => {
    const served = await servePage({
      api,
      body,
      onApiOrigin,
      script: 'document.querySelector("#greeting").textContent = "hello";',
      style: '#greeting { color: rgb(1, 2, 3); }',
    });
    const page = await browser.open(served, { width: 375, colorScheme: 'dark', locale: 'fr-FR' });
    await page.getByText('hello').waitFor();
    expect(await page.evaluate('getComputedStyle(document.querySelector("#greeting")).color')).toBe(
      'rgb(1, 2, 3)',
    );
    expect(
      await page.evaluate(
        '[innerWidth, navigator.language, matchMedia("(prefers-color-scheme: dark)").matches]',
      ),
    ).toEqual([375, 'fr-FR', true]);
    expect(new URL(page.url()).origin === new URL(api).origin).toBe(onApiOrigin);
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'support');
  });

  it.each([
    { what: 'inline script', markup: '<script>window.ran = true</script>' },
    { what: 'inline style', markup: '<p style="color: red">red</p>' },
  ])('has no $what', async ({ markup }) => {
    const page = await browser.open(await servePage({ api, body: `${body}${markup}` }));
    tolerate(page, /Content Security Policy/);
    await expect.poll(() => problemsOf(page).join()).toContain('Content Security Policy');
    expect(await page.evaluate('window.ran')).toBeUndefined();
  });
});

describe('what goes wrong on a page', () => {
  it('is found by axe', async () => {
    const page = await browser.open(await servePage({ api, body: '<main><button></button></main>' }));
    expect((await accessibilityProblems(page, { except: ['page-has-heading-one'] })).join()).toContain(
      'button-name',
    );
  });

  it('fails the test, be it an exception, a console error, or a request without an answer', async () => {
    const page = await browser.open(await servePage({ api, body, script: '' }));
    tolerate(page, /./);
    const away = await startFileServer((_request, response) => response.end());
    await away.close();
    await page.evaluate(`console.error("said"); setTimeout(() => { throw new Error("thrown") }); undefined`);
    await page.goto(away.url).catch(() => undefined);
    await expect
      .poll(() => problemsOf(page))
      .toEqual([
        expect.stringContaining('said'),
        expect.stringContaining('thrown'),
        expect.stringContaining('ERR_CONNECTION_REFUSED'),
      ]);
  });
});

describe('looking for Chromium', () => {
  it('takes the one that is named, and says how to install one where there is none', () => {
    expect(findChromium({ PATH: '', TEST_CHROMIUM: process.execPath })).toBe(process.execPath);
    expect(() => findChromium({ PATH: '/nowhere' }, [])).toThrow('apt-get install -y chromium');
  });
});
