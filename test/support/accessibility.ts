import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** WCAG 2.2 AA and what axe calls good practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Violation {
  id: string;
  help: string;
  nodes: { target: unknown; failureSummary?: string }[];
}

/**
 * What axe finds wrong with the page, shadow roots included: the rule, the element, and why. Empty: nothing.
 * @param within a CSS selector of the part to look at; default the whole page
 * @param except rules that do not apply to a test's page, e.g. `region`
 */
export async function accessibilityProblems(
  page: Page,
  { within, except = [] }: { within?: string; except?: readonly string[] } = {},
): Promise<string[]> {
  await page.evaluate(axe.source);
  const options = {
    runOnly: { type: 'tag', values: TAGS },
    rules: Object.fromEntries(except.map((rule) => [rule, { enabled: false }])),
    resultTypes: ['violations'],
  };
  const violations = await page.evaluate<Violation[]>(
    `axe.run(${within === undefined ? 'document' : JSON.stringify(within)}, ${JSON.stringify(options)}).then((found) => found.violations)`,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${help} – ${JSON.stringify(target)} ${failureSummary ?? ''}`,
    ),
  );
}
