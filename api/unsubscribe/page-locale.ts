import { chooseLocale, textLocales, type TextLocale } from '../../templates/locales.js';

/** Longest `Accept-Language` that is read, in characters. */
const MAX_HEADER = 500;

/** A page's language: the person's where it is known, else the browser's first that there is, else the tenant's. */
export function pageLocale(
  person: string | undefined,
  acceptLanguage: string | undefined,
  tenant: string,
): TextLocale {
  const wanted = person === undefined ? acceptedLanguages(acceptLanguage ?? '') : [person];
  const known = wanted.find((tag) =>
    textLocales.some((locale) => locale === tag.split('-')[0]?.toLowerCase()),
  );
  return chooseLocale(known, tenant).text;
}

/** Language tags of an `Accept-Language` header, the most wanted first (RFC 9110 section 12.5.4). */
function acceptedLanguages(header: string): string[] {
  return header
    .slice(0, MAX_HEADER)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(/\s*;\s*/);
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
}
