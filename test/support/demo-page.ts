import type { Locator, Page } from 'playwright-core';

export type DemoPerson = 'ann' | 'ben';

/** The parts of the page at `/demo`, as a test looks at them. */
export interface DemoPage {
  page: Page;
  /** What one of the two sees. */
  seat(person: DemoPerson): Locator;
  /** The number on a bell; empty where there is none. */
  unread(person: DemoPerson): Promise<string>;
  /** Titles of the entries under an open bell. */
  titles(person: DemoPerson): Promise<string[]>;
  /** The button of a type, whose category is opened if need be. */
  typeButton(type: string): Promise<Locator>;
  /** The newest story of a type in the log. */
  story(type: string): Locator;
}

export function demoPage(page: Page): DemoPage {
  const bell = (person: DemoPerson) => page.locator(`#bell-${person}`);
  return {
    page,
    seat: (person) => page.locator(`#seat-${person}`),
    unread: async (person) => {
      const badge = bell(person).locator('[part~=badge]');
      return (await badge.count()) === 0 ? '' : badge.innerText();
    },
    titles: (person) => bell(person).locator('[part~=title] bdi').allInnerTexts(),
    typeButton: async (type) => {
      const button = page.locator(`button[data-type=${type}]`);
      const category = page.locator('.categories details', { has: button });
      if ((await category.getAttribute('open')) === null) await category.locator('summary').click();
      return button;
    },
    story: (type) => page.locator(`.log li[data-type=${type}]`).first(),
  };
}

/** Resolves when both are connected, so that what happens next is heard. */
export async function bothLive(page: Page): Promise<void> {
  for (const person of ['ann', 'ben']) await page.locator(`#seat-${person} .connection.live`).waitFor();
}
