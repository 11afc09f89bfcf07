import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import {
  layoutSource,
  mailSource,
  partialSource,
  type TemplateKey,
  type UsedTemplate,
} from '../../contracts/templates.js';
import { content } from '../../contracts/trigger.js';
import {
  compileLayout,
  compileMail,
  compilePartial,
  compileTexts,
  type Compiled,
  type Parts,
} from '../../templates/compile-template.js';
import type { PublishedTemplates } from '../../templates/published-templates.js';
import type { ApiDependencies } from '../dependencies.js';
import { parsePart } from '../../contracts/parse.js';
import { localeOf, typesNow } from './places.js';

/** A source in the form in which it is stored, and what compiling makes of it. */
export interface Made extends Compiled<object> {
  source: object;
}

/**
 * Checks and compiles a source for its place, with the partials and layouts that are published at this moment.
 * @throws CarillonError `validation_failed` where it has not the place's form, `unprocessable` where it does not compile.
 */
export async function make(
  deps: ApiDependencies,
  owner: string,
  key: TemplateKey,
  given: unknown,
): Promise<Made> {
  const parts = await partsFor(deps, owner, key.locale);
  if (key.kind === 'partial') {
    const { source } = parsePart(z.object({ source: partialSource }), { source: given });
    return { source, texts: {}, uses: await compilePartial(key.name, source.text, parts) };
  }
  if (key.kind === 'layout') {
    const { source } = parsePart(z.object({ source: layoutSource }), { source: given });
    return { source, ...(await compileLayout(source, parts)) };
  }
  if (key.channel === 'email') {
    const { source } = parsePart(z.object({ source: mailSource }), { source: given });
    return { source, ...(await compileMail(source, parts)) };
  }
  const source = textsOf(key, given);
  return { source, ...(await compileTexts(source, parts)) };
}

/** Any other channel's texts have the form of a trigger's `content`. */
function textsOf({ channel = 'in_app' }: TemplateKey, given: unknown): object {
  try {
    const parsed = parsePart(content, { [channel]: given });
    return parsed[channel] ?? {};
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    const errors = error.errors?.map(({ path, message }) => ({
      path: path.replace(channel, 'source'),
      message,
    }));
    throw new CarillonError(error.code, error.detail.replace(channel, 'source'), errors, { cause: error });
  }
}

async function partsFor(deps: ApiDependencies, owner: string, locale: string): Promise<Parts> {
  const { templates } = await typesNow(deps, owner);
  const tenantLocale = await localeOf(deps, owner);
  const finder = (kind: 'partial' | 'layout') => async (name: string) => {
    const published = templates.part(kind, name, { locale, tenantLocale });
    const row = published && (await deps.models.templateVersions.byId(owner, published.id));
    if (!row) return undefined;
    const source = JSON.parse(row.source) as { text?: string; mjml?: string };
    const { id, version } = row;
    return {
      text: source.text ?? source.mjml ?? '',
      used: { kind, name, locale: row.locale, version, id } satisfies UsedTemplate,
    };
  };
  return { partial: finder('partial'), layout: finder('layout') };
}

/** Whether what a version was made with is what would be found now. */
export function isCurrent(
  used: UsedTemplate,
  templates: PublishedTemplates,
  reader: { locale: string; tenantLocale: string },
): boolean {
  if (used.kind === 'type') return true;
  return templates.part(used.kind, used.name, reader)?.id === used.id;
}
