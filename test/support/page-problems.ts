import type { BrowserContext, Page } from 'playwright-core';

/** Of each context that is watched. */
const records = new WeakMap<BrowserContext, { seen: string[]; tolerated: RegExp[] }>();

/**
 * Collects from now on what goes wrong on a context's pages: exceptions, console errors (a violation of the page's
 * Content-Security-Policy and an answer of 400 or more are such) and requests that got no answer.
 */
export function watchForProblems(context: BrowserContext): void {
  const seen: string[] = [];
  records.set(context, { seen, tolerated: [] });
  context.on('weberror', (error) => seen.push(`exception: ${error.error().stack ?? error.error().message}`));
  context.on('console', (message) => {
    if (message.type() === 'error') seen.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // A page that is left or closed gives up what it asked for.
    if (!reason.includes('ERR_ABORTED')) seen.push(`request: ${request.url()} ${reason}`);
  });
}

/** Says which problems belong to what the test does, e.g. `/ERR_INTERNET_DISCONNECTED/`; before or after they occur. */
export function tolerate(page: Page, ...patterns: RegExp[]): void {
  record(page.context()).tolerated.push(...patterns);
}

/** All problems so far, in the order in which they happened, those that are tolerated too. */
export function problemsOf(page: Page): readonly string[] {
  return record(page.context()).seen;
}

/** The problems so far that nobody tolerates. */
export function untoleratedProblems(context: BrowserContext): string[] {
  const { seen, tolerated } = record(context);
  return seen.filter((problem) => !tolerated.some((pattern) => pattern.test(problem)));
}

function record(context: BrowserContext) {
  const found = records.get(context);
  if (!found) throw new Error('nobody watches this page: open it with the test’s browser');
  return found;
}
