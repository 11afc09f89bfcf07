import type { Liquid } from 'liquidjs';
import { LRUCache } from 'lru-cache';
import type { FilterImpl, FilterSettings } from './liquid-filters.js';

// To make one costs more than to use it a hundred times.
const formats = new LRUCache<string, Intl.NumberFormat>({ max: 500 });
const rules = new LRUCache<string, Intl.PluralRules>({ max: 100 });

/** Decimals that `number` takes: what Intl allows. */
const MAX_DECIMALS = 20;

/** Adds the filters for numbers, written as the reader writes them. */
export function registerNumberFilters(engine: Liquid): void {
  engine.registerFilter('number', function (value: unknown, decimals?: unknown) {
    return numberText(value, settingsOf(this), decimals);
  });
  engine.registerFilter('money', function (value: unknown, currency?: unknown) {
    return moneyText(value, settingsOf(this), currency);
  });
  engine.registerFilter('plural', function (value: unknown, ...forms: unknown[]) {
    const text = pluralText(value, settingsOf(this), forms);
    if (typeof text === 'string') this.context.memoryLimit.use(text.length);
    return text;
  });
}

function settingsOf({ context }: FilterImpl): FilterSettings {
  return context.globals as unknown as FilterSettings;
}

/** `{{ size | number }}`, `{{ share | number: 1 }}`; what is no number stays as it came. */
function numberText(value: unknown, { locale }: FilterSettings, decimals?: unknown): unknown {
  const number = numberOf(value);
  if (number === undefined) return value;
  const digits = Math.trunc(Number(decimals));
  const fixed = decimals !== undefined && digits >= 0 && digits <= MAX_DECIMALS;
  return format(
    locale,
    fixed ? { minimumFractionDigits: digits, maximumFractionDigits: digits } : {},
    number,
  );
}

/** `{{ price | money: "EUR" }}`, in ISO 4217; without one, or with one that is none, the number and what was given. */
function moneyText(value: unknown, settings: FilterSettings, currency: unknown): unknown {
  const number = numberOf(value);
  if (number === undefined) return value;
  const code = typeof currency === 'string' ? currency.trim().toUpperCase() : '';
  if (/^[A-Z]{3}$/.test(code)) return format(settings.locale, { style: 'currency', currency: code }, number);
  const plain = format(settings.locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }, number);
  return code === '' ? plain : `${plain} ${code}`;
}

const named = ['zero', 'one', 'two', 'few', 'many', 'other'] as const;
type Form = (typeof named)[number];

/**
 * `{{ n | plural: "one item", "# items" }}`, or for languages with more forms `{{ n | plural: one: "…", few: "…", other:
 * "…" }}`, by the rules of the reader's language; `#` is the number. `zero` is said of none at all in any language.
 */
function pluralText(value: unknown, { locale }: FilterSettings, given: readonly unknown[]): unknown {
  const number = numberOf(value) ?? (Array.isArray(value) ? value.length : undefined);
  if (number === undefined) return value;
  const forms: Partial<Record<Form, string>> = {};
  const unnamed: string[] = [];
  for (const one of given) {
    // Liquid hands over a named argument as its name and its value.
    const name: unknown = Array.isArray(one) ? one[0] : undefined;
    const form = named.find((known) => known === name);
    if (form) forms[form] = textOf((one as unknown[])[1]);
    else unnamed.push(textOf(one));
  }
  const [one, other] = unnamed;
  forms.one ??= one;
  forms.other ??= other ?? forms.one ?? '#';
  let rule = rules.get(locale);
  if (!rule) rules.set(locale, (rule = new Intl.PluralRules(locale)));
  const category = number === 0 && forms.zero !== undefined ? 'zero' : rule.select(number);
  return (forms[category] ?? forms.other).replaceAll('#', () => format(locale, {}, number));
}

function format(locale: string, options: Intl.NumberFormatOptions, number: number): string {
  const key = JSON.stringify([locale, options]);
  let known = formats.get(key);
  if (!known) formats.set(key, (known = new Intl.NumberFormat(locale, options)));
  return known.format(number);
}

function numberOf(value: unknown): number | undefined {
  const number =
    typeof value === 'string' && /^\s*[-+]?(\d+\.?\d*|\.\d+)\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
