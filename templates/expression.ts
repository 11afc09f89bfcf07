import { Context, Drop, Output, toValueSync } from 'liquidjs';
import { CarillonError } from '../contracts/errors.js';
import { fill, parseCallers } from './liquid.js';
import type { FilterSettings } from './liquid-filters.js';
import { TemplateError } from './template-error.js';

/** As text that is no mail and no message: its errors name the caller's path instead. */
const place = { channel: 'webhook', field: null, fromContent: false } as const;
/** Longest evaluation, in milliseconds. */
const TIME_LIMIT_MS = 500;

/** Whether anything in the text is Liquid's. */
export function isTemplated(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/**
 * Refuses what is not Liquid, or asks for an unknown tag or filter.
 * @param path of the text in the request.
 * @throws CarillonError `unprocessable`
 */
export function checkExpression(text: string, path: string): void {
  withPath(path, () => parseCallers(text, 'none', place));
}

/**
 * What a text with Liquid comes to. One that is a single `{{ … }}` and nothing else keeps what that is: a number, a list, an
 * object, or undefined where there is nothing. Anything else is text.
 * @param path of the text in its rule, for errors.
 * @throws CarillonError `unprocessable` where it fails, runs too long, or makes too much.
 */
export function evaluate(text: string, variables: object, settings: FilterSettings, path: string): unknown {
  if (!isTemplated(text)) return text;
  return withPath(path, () => {
    const trimmed = text.trim();
    const parsed = parseCallers(trimmed, 'none', place);
    const [node, ...others] = parsed.nodes;
    if (!(node instanceof Output) || others.length > 0) {
      return fill(parseCallers(text, 'none', place), variables, settings, place);
    }
    const context = new Context(variables, parsed.engine.options, {
      globals: settings,
      sync: true,
      renderLimit: TIME_LIMIT_MS,
    });
    try {
      const value: unknown = toValueSync(node.value.value(context, false) as never);
      // Liquid's own words, `nil` and `empty` say, are no values outside it.
      return value === null || value instanceof Drop ? undefined : value;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw new TemplateError(place, error.message.replace(/, (line|col):.*$/s, ''));
    }
  });
}

function withPath<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new CarillonError('unprocessable', `${path}: ${error.reason}`, [{ path, message: error.reason }]);
  }
}
