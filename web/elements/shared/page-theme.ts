// A page of our own that is light, dark, or as the system has it; kept in this browser.

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** @param page whose choice it is: `demo`, `console`. */
export function storedTheme(page: string): Theme {
  const stored = localStorage.getItem(keyOf(page));
  return themes.find((theme) => theme === stored) ?? 'auto';
}

export function applyTheme(page: string, theme: Theme): void {
  localStorage.setItem(keyOf(page), theme);
  document.documentElement.dataset.theme = theme;
}

function keyOf(page: string): string {
  return `carillon-${page}-theme`;
}
