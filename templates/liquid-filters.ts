import type { Context, Liquid } from 'liquidjs';
import { DateTime, type DateTimeFormatOptions } from 'luxon';
import { registerNumberFilters } from './number-filters.js';

/** Passed to every rendering beside the variables: how the reader writes dates, and where the reader's day begins. */
export interface FilterSettings {
  /** BCP 47, known to the runtime. */
  locale: string;
  /** IANA. */
  timezone: string;
}

/** What liquidjs calls a filter with as `this`. */
export interface FilterImpl {
  context: Context;
}

/** Adds Carillon's own filters to Liquid's. */
export function registerFilters(engine: Liquid): void {
  engine.registerFilter('name', nameOf);
  engine.registerFilter('long_date', function (value: unknown) {
    return dateText(value, this.context.globals as unknown as FilterSettings, DateTime.DATE_HUGE);
  });
  engine.registerFilter('date_time', function (value: unknown) {
    const format = isDateOnly(value) ? DateTime.DATE_HUGE : dayAndTime;
    return dateText(value, this.context.globals as unknown as FilterSettings, format);
  });
  registerNumberFilters(engine);
}

const dayAndTime: DateTimeFormatOptions = {
  ...DateTime.DATE_HUGE,
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
};

/**
 * `{{ contract | name }}`: what to call a person or thing given as text or as an object with a `name` or `title`;
 * nothing for anything else, so that `default` can follow.
 */
function nameOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const key of ['name', 'title']) {
    const own: unknown = Object.getOwnPropertyDescriptor(value, key)?.value;
    if (typeof own === 'string') return own.trim();
  }
  return undefined;
}

function isDateOnly(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
}

/** An ISO 8601 text or milliseconds since 1970, as the reader writes it; other text stays as it came. */
function dateText(
  value: unknown,
  settings: FilterSettings,
  format: DateTimeFormatOptions,
): string | undefined {
  const options = { zone: settings.timezone, locale: settings.locale };
  const date =
    typeof value === 'number'
      ? DateTime.fromMillis(value, options)
      : typeof value === 'string'
        ? DateTime.fromISO(value, options)
        : undefined;
  if (date?.isValid) return date.toLocaleString(format);
  return typeof value === 'string' ? value : undefined;
}
