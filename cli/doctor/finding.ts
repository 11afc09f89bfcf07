/** What was found of one thing. */
export interface Finding {
  /** `MongoDB indexes` */
  about: string;
  /** `failure`: something does not work. `warning`: it works, and should not stay so. */
  state: 'ok' | 'warning' | 'failure' | 'skipped';
  says: string;
  /** What to do. */
  advice?: string;
}

export const ok = (about: string, says: string): Finding => ({ about, state: 'ok', says });
export const skipped = (about: string, says: string): Finding => ({ about, state: 'skipped', says });
export const warning = (about: string, says: string, advice: string): Finding => ({
  about,
  state: 'warning',
  says,
  advice,
});
export const failure = (about: string, says: string, advice: string): Finding => ({
  about,
  state: 'failure',
  says,
  advice,
});

/** An error's own words, on one line. */
export function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 300);
}
