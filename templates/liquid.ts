import { AssertionError, Liquid, LiquidError, type Template } from 'liquidjs';
import { LRUCache } from 'lru-cache';
import { registerFilters, type FilterImpl, type FilterSettings } from './liquid-filters.js';
import { TemplateError, type TemplatePlace } from './template-error.js';
import { MAX_RENDERED_LENGTH } from './text-limits.js';

/** `html`: every variable is escaped unless the template says `| raw`. `none`: plain text. */
export type Escaping = 'html' | 'none';

/** A template, parsed. */
export interface ParsedTemplate {
  readonly engine: Liquid;
  readonly nodes: Template[];
  /** Carillon's own: it loops over nothing but data, and a process that stood still must not fail it for its time. */
  readonly trusted: boolean;
  /** How often in a row a rendering of it ran out of time, and when the last one did. */
  overruns: number;
  overranAtMs: number;
}

/** Longest rendering, in milliseconds. They take well under one; this is for templates that loop. */
const RENDER_LIMIT_MS = 500;
/** After so many, a template is refused at once: a campaign must not stop a worker for half a second per person. */
const MAX_OVERRUNS = 3;
/** Milliseconds after which such a template is tried anew, and a caller's is parsed anew. */
const FORGET_AFTER_MS = 10 * 60_000;

/** Most placeholders and tags in one template: the parser's time grows with their square, 70,000 took 2.6 s. */
const MAX_TAGS = 5000;

const engines: Record<Escaping, Liquid> = { html: createEngine('html'), none: createEngine('none') };

function createEngine(escaping: Escaping): Liquid {
  const engine = new Liquid({
    // liquidjs calls it with the rendering as `this`, which its type does not say.
    outputEscape: escaping === 'html' ? 'escape' : (charged as (value: unknown) => string),
    strictFilters: true,
    ownPropertyOnly: true,
    // Without a zone of its own, `date` would show the server's.
    timezoneOffset: 0,
    locale: 'en',
    // Templates live in memory: there is no file to find.
    templates: {},
    /** Characters. */
    parseLimit: 500_000,
    /** Characters and array items that filters and variables may produce. */
    memoryLimit: 5_000_000,
  });
  // Unknown tags are refused when a template is accepted, missing files only when it is sent.
  for (const tag of ['include', 'render', 'layout', 'block']) delete engine.tags[tag];
  registerFilters(engine);
  return engine;
}

/** Counts what a variable prints against the memory limit, as Liquid's own `escape` does. */
function charged(this: FilterImpl, value: unknown): unknown {
  if (typeof value === 'string') this.context.memoryLimit.use(value.length);
  return value;
}

const builtIn = new Map<string, ParsedTemplate>();
const callers = new LRUCache<string, ParsedTemplate>({
  max: 2000,
  ttl: FORGET_AFTER_MS,
  // Characters of template text; what the parser makes of them is a small multiple.
  maxSize: 8_000_000,
  sizeCalculation: (_parsed, key) => key.length,
});

/** Parses one of Carillon's own templates, once. */
export function parseBuiltIn(text: string, escaping: Escaping): ParsedTemplate {
  const key = `${escaping} ${text}`;
  const known = builtIn.get(key);
  if (known) return known;
  const engine = engines[escaping];
  const parsed = { engine, nodes: engine.parse(text), trusted: true, overruns: 0, overranAtMs: 0 };
  builtIn.set(key, parsed);
  return parsed;
}

/**
 * Parses a caller's template; the last ones used are kept, whoever used them, since the text alone decides.
 * @throws TemplateError with the line, where the text is not Liquid, or asks for an unknown tag or filter.
 */
export function parseCallers(text: string, escaping: Escaping, place: TemplatePlace): ParsedTemplate {
  const key = `${escaping} ${text}`;
  const known = callers.get(key);
  if (known) return known;
  const parsed = parseOnce(text, escaping, place);
  callers.set(key, parsed);
  return parsed;
}

/** Parses a template that somebody else keeps. @throws TemplateError like {@link parseCallers}. */
export function parseOnce(text: string, escaping: Escaping, place: TemplatePlace): ParsedTemplate {
  if (hasMoreTagsThan(MAX_TAGS, text)) {
    throw new TemplateError(place, `holds more than ${MAX_TAGS} placeholders and tags`);
  }
  const engine = engines[escaping];
  try {
    return { engine, nodes: engine.parse(text), trusted: false, overruns: 0, overranAtMs: 0 };
  } catch (error) {
    throw translated(error, place);
  }
}

/**
 * Fills a template. `settings` are readable in it as `locale` and `timezone`, below the variables.
 * @throws TemplateError where it fails, runs too long, or makes too much.
 */
export function fill(
  parsed: ParsedTemplate,
  variables: object,
  settings: FilterSettings,
  place: TemplatePlace,
): string {
  if (parsed.overruns >= MAX_OVERRUNS && Date.now() < parsed.overranAtMs + FORGET_AFTER_MS)
    throw new TemplateError(place, 'took too long too often');
  let text: string;
  try {
    const renderLimit = parsed.trusted ? Infinity : RENDER_LIMIT_MS;
    text = parsed.engine.renderSync(parsed.nodes, variables, { globals: settings, renderLimit }) as string;
    parsed.overruns = 0;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('template render limit')) {
      parsed.overruns += 1;
      parsed.overranAtMs = Date.now();
    }
    throw translated(error, place);
  }
  if (text.length > MAX_RENDERED_LENGTH) {
    throw new TemplateError(place, `makes more than ${MAX_RENDERED_LENGTH} characters`);
  }
  return text;
}

function hasMoreTagsThan(limit: number, text: string): boolean {
  let count = 0;
  for (const _tag of text.matchAll(/\{[{%]/g)) {
    count += 1;
    if (count > limit) return true;
  }
  return false;
}

/** Without the original as its cause: that quotes the template in its stack, and contents do not go into logs. */
function translated(error: unknown, place: TemplatePlace): TemplateError {
  if (!LiquidError.is(error)) {
    if (error instanceof AssertionError) return new TemplateError(place, error.message);
    throw error;
  }
  const [line] = error.token.getPosition();
  // Liquid calls itself for each level of nesting, and its results may outgrow what a string can hold.
  const outgrown = error.originalError instanceof RangeError;
  const reason = outgrown ? `is nested too deeply or makes too much, line:${line}` : error.message;
  return new TemplateError(place, reason.replace(/, col:\d+$/, ''), line);
}

/** The variables that a text reads from outside itself, each as its names: `contract.title`. None of one that is not Liquid. */
export function variablesIn(text: string): string[][] {
  try {
    const found = engines.none.globalVariableSegmentsSync(engines.none.parse(text));
    return found.map((path) => upToIndex(path));
  } catch (error) {
    if (LiquidError.is(error)) return [];
    throw error;
  }
}

/** As far as the names are known: not beyond `items[0]`, nor what another variable names. */
function upToIndex(path: readonly unknown[]): string[] {
  const end = path.findIndex((segment) => typeof segment !== 'string');
  return path.slice(0, end < 0 ? path.length : end) as string[];
}
