import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { launchChromium } from '../../bench/chromium.js';
import { built } from './built.js';
import { untoleratedProblems, watchForProblems } from './page-problems.js';
import { mountPage, type ServedPage } from './serve-page.js';

export { problemsOf, tolerate } from './page-problems.js';

/** How long a page may take for anything that a test waits for, in milliseconds. */
const PATIENCE_MS = 15_000;

/** What a page is opened with. */
export interface View {
  /** In CSS pixels. Default 1280. */
  width?: number;
  /** In CSS pixels. Default 800. */
  height?: number;
  /** Default `light`. */
  colorScheme?: 'light' | 'dark';
  /** BCP 47. Default `en-GB`. */
  locale?: string;
  /** IANA. Default `Europe/Paris`. */
  timezone?: string;
  /** Default `reduce`, so that no test waits for an animation. */
  reducedMotion?: 'reduce' | 'no-preference';
  /** Whether the pointer is a finger. Default false. */
  hasTouch?: boolean;
}

/** Chromium, for the tests of one file. */
export interface TestBrowser {
  /**
   * A page of a context of its own, closed with the running test, which fails if the page had a problem that it does not
   * `tolerate`. Further tabs of the same person come from `page.context().newPage()` and are watched alike.
   */
  open(address: string | ServedPage, view?: View): Promise<Page>;
}

/** Starts Chromium with a fresh profile, and has what pages load built, before the file's tests; stops it after them. */
export function useBrowser(): TestBrowser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    [browser] = await Promise.all([launchChromium(), built()]);
  });
  afterAll(() => browser?.close());
  return {
    async open(address, view = {}) {
      if (!browser) throw new Error('the browser is started before the tests: open pages in them');
      const context = await openContext(browser, view);
      watchForProblems(context);
      onTestFinished(async () => {
        await context.close();
        expect(untoleratedProblems(context), 'problems of the page').toEqual([]);
      });
      const page = await context.newPage();
      if (typeof address !== 'string') await mountPage(context, address);
      await page.goto(typeof address === 'string' ? address : address.url);
      return page;
    },
  };
}

/** A profile of its own in that Chromium. */
async function openContext(browser: Browser, view: View = {}): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: view.width ?? 1280, height: view.height ?? 800 },
    colorScheme: view.colorScheme ?? 'light',
    locale: view.locale ?? 'en-GB',
    timezoneId: view.timezone ?? 'Europe/Paris',
    reducedMotion: view.reducedMotion ?? 'reduce',
    hasTouch: view.hasTouch ?? false,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

/** Takes a picture of the page into the folder that `TEST_SCREENSHOTS` names; without that, nothing. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.TEST_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
