import type { Page } from 'playwright-core';
import { launchChromium } from './chromium.js';

/** A bell in a real browser, and when its number changes. */
export interface BellPage {
  /** Resolves when the bell next shows this number, or none for 0, to when that was: epoch milliseconds. */
  shows(unread: number): Promise<number>;
  close(): Promise<void>;
}

/** What the page tells when its number is another: after the frame in which it is drawn. */
const SCRIPT = `
import { connect } from '/carillon.js';
const bell = document.querySelector('carillon-bell');
let shown = 0;
const look = () => {
  const unread = Number(bell.shadowRoot.querySelector('[part~=badge]')?.textContent ?? 0);
  if (unread === shown) return;
  shown = unread;
  requestAnimationFrame(() => tellBench(unread, performance.timeOrigin + performance.now()));
};
await bell.updateComplete;
new MutationObserver(look).observe(bell.shadowRoot, { subtree: true, childList: true, characterData: true });
connect({ token: TOKEN }).on('status', (status) => tellBench(status, 0));
`;

/** Opens a page of the API's own origin with nothing on it but a bell; resolves once that is connected. */
export async function openBellPage(apiUrl: string, token: string): Promise<BellPage> {
  const browser = await launchChromium();
  const page = await browser.newPage();
  let seen: { what: unknown; atMs: number }[] = [];
  let look = () => undefined as void;
  await page.exposeFunction('tellBench', (what: unknown, atMs: number) => {
    seen.push({ what, atMs });
    look();
  });
  await serve(page, apiUrl, token);
  const next = (what: unknown) =>
    new Promise<number>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the bell did not show ${String(what)}, but ${JSON.stringify(seen)}`)),
        20_000,
      );
      look = () => {
        const found = seen.find((one) => one.what === what);
        if (!found) return;
        clearTimeout(timer);
        seen = [];
        resolve(found.atMs);
      };
      look();
    });
  await page.goto(`${apiUrl}/bench-bell/`);
  await next('live');
  return { shows: next, close: () => browser.close() };
}

async function serve(page: Page, apiUrl: string, token: string): Promise<void> {
  const html = '<!doctype html><carillon-bell></carillon-bell><script type="module" src="page.js"></script>';
  const script = SCRIPT.replace('TOKEN', JSON.stringify(token));
  await page.route(`${apiUrl}/bench-bell/`, (route) =>
    route.fulfill({ contentType: 'text/html', body: html }),
  );
  await page.route(`${apiUrl}/bench-bell/page.js`, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: script }),
  );
}
