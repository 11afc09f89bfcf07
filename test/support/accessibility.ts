import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';

/** WCAG 2.2 AA and what axe calls good practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Violation {
  id: string;
  help: string;
  nodes: { target: unknown; failureSummary?: string }[];
}

/** Where axe was loaded. */
interface InPage {
  axe: { run(part: unknown, options: object): Promise<{ violations: Violation[] }> };
}

/**
 * What axe finds wrong with the page, shadow roots included: the rule, the element, and why. Empty: nothing.
 * @param except rules that do not apply to a test's page, e.g. `region`
 */
export async function accessibilityProblems(
  page: Page,
  { except = [] }: { except?: readonly string[] } = {},
): Promise<string[]> {
  return problemsIn(page.locator('html'), except);
}

/** As {@link accessibilityProblems}, of an open dialog alone, in the light theme and in the dark one. The page stays light. */
export async function dialogProblems(dialog: Locator): Promise<string[]> {
  await dialog.page().emulateMedia({ colorScheme: 'dark' });
  const inTheDark = await problemsIn(dialog, []);
  await dialog.page().emulateMedia({ colorScheme: 'light' });
  return [...inTheDark, ...(await problemsIn(dialog, []))];
}

async function problemsIn(part: Locator, except: readonly string[]): Promise<string[]> {
  await part.page().evaluate(axe.source);
  const options = {
    runOnly: { type: 'tag', values: TAGS },
    rules: Object.fromEntries(except.map((rule) => [rule, { enabled: false }])),
    resultTypes: ['violations'],
  };
  const { violations } = await part.evaluate(
    (element: unknown, given) => (globalThis as unknown as InPage).axe.run(element, given),
    options,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${help} – ${JSON.stringify(target)} ${failureSummary ?? ''}`,
    ),
  );
}
