/** The languages in which the built-in texts exist. One more here, and the compiler lists what is to be translated. */
export const textLocales = ['en', 'fr'] as const;
export type TextLocale = (typeof textLocales)[number];

export interface ChosenLocale {
  /** The language of the built-in texts. */
  text: TextLocale;
  /** For dates and numbers: the reader's own region where it speaks that language (`fr-CA`), else the language. */
  format: string;
}

/** Chooses a language for a reader: `fr-CA` → `fr` → the tenant's → `en`. */
export function chooseLocale(wanted: string | null | undefined, tenantLocale: string): ChosenLocale {
  for (const tag of [wanted, tenantLocale]) {
    const text = textLocales.find((locale) => locale === tag?.split('-')[0]?.toLowerCase());
    if (tag && text) return { text, format: knownToRuntime(tag) ? tag : text };
  }
  return { text: 'en', format: 'en' };
}

/** The languages to look for a text in, in this order: `fr-CA`, `fr`, those of the tenant likewise, `en`; lower case. */
export function localeChain(wanted: string | null | undefined, tenantLocale: string): string[] {
  const chain = new Set<string>();
  for (const tag of [wanted, tenantLocale, 'en']) {
    const parts = tag?.toLowerCase().split('-') ?? [];
    for (let length = parts.length; length > 0; length -= 1) chain.add(parts.slice(0, length).join('-'));
  }
  return [...chain];
}

/**
 * How a reader writes dates and numbers in a text of that language: as in their own region where they speak it
 * (`fr-CA`), else as in the tenant's, else as the language goes.
 */
export function formatLocale(
  textLocale: string,
  wanted: string | null | undefined,
  tenantLocale: string,
): string {
  const language = languageOf(textLocale);
  const near = [wanted, tenantLocale, textLocale, language].find(
    (tag) => tag && languageOf(tag) === language && knownToRuntime(tag),
  );
  return near ?? 'en';
}

function languageOf(tag: string): string {
  return tag.split('-')[0]?.toLowerCase() ?? '';
}

function knownToRuntime(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  } catch (error) {
    // What looks like a language tag need not be one: `en-a1-b2` is a RangeError.
    if (error instanceof RangeError) return false;
    throw error;
  }
}
