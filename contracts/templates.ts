import { z } from 'zod';
import { channelName, type ChannelName } from './channels.js';
import { externalId, lineOfText, locale, typeName } from './primitives.js';

/** What is kept in versions: a type's text on one channel, a part that texts include, and what is around a mail. */
export const templateKinds = ['type', 'partial', 'layout'] as const;
export type TemplateKind = (typeof templateKinds)[number];

/** The layout that mails are set in which name none: built-in texts, and texts without HTML. */
export const DEFAULT_LAYOUT = 'default';

/** Versions that one template may have. */
export const MAX_VERSIONS = 1000;
/** Templates that one tenant may have, partials and layouts included: all that are published are kept in memory. */
export const MAX_TEMPLATES = 2000;

/** A language tag in its usual spelling, whatever the case it came in: `fr-CA`. */
export const templateLocale = locale.transform((tag, context) => {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? tag;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    context.issues.push({
      code: 'custom',
      input: tag,
      message: 'is not a language tag such as en or fr-CA',
    });
    return z.NEVER;
  }
});

/** The name of a partial or a layout. */
export const partName = typeName;

/** Which template is meant, within a tenant. */
export interface TemplateKey {
  kind: TemplateKind;
  /** The type's, the partial's or the layout's. */
  name: string;
  /** Of a type's text. */
  channel?: ChannelName | undefined;
  locale: string;
  /** Of a type's text that goes to one topic only. */
  topic?: string | undefined;
}

/** A key as one text, unlike any other's; in lists templates are ordered by it. */
export function templateKeyText({ kind, name, channel, locale: tag, topic }: TemplateKey): string {
  // The topic comes last: it may hold anything.
  return [kind, name, channel ?? '', tag, topic ?? ''].join('/');
}

/** A published version, as it is found by its key. */
export interface PublishedTemplate extends TemplateKey {
  /** Of the version. */
  id: string;
  version: number;
  /** It holds for all tenants. */
  everyTenant: boolean;
}

/** A version that another was made with. */
export interface UsedTemplate {
  kind: TemplateKind;
  name: string;
  locale: string;
  version: number;
  id: string;
}

/** When a version was published, or for `null` that none is any more. */
export interface Publication {
  version: number | null;
  at: Date;
  by: string;
}

/** Longest source of a partial or of MJML, in UTF-16 units. */
const MAX_SOURCE = 200_000;
const template = (max: number) => z.string().min(1).max(max);

/** `source` of a mail: MJML, HTML or text alone. MJML without `<mjml>` around it is set in a layout, and so is text. */
export const mailSource = z
  .strictObject({
    subject: lineOfText(998),
    mjml: template(MAX_SOURCE).optional(),
    html: template(MAX_SOURCE).optional(),
    /** Made from the HTML where it is left out. */
    text: template(MAX_SOURCE).optional(),
    /** Default: `default`, and where there is none, Carillon's own. */
    layout: partName.optional(),
  })
  .superRefine(({ mjml, html, text, layout }, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (mjml === undefined && html === undefined && text === undefined)
      issue('mjml', 'is missing: a mail needs mjml, html or text');
    if (mjml !== undefined && html !== undefined)
      issue('html', 'and "mjml" are two names for the same: give one');
    if (layout !== undefined && html !== undefined) issue('layout', 'is around MJML or text, not HTML');
    if (layout !== undefined && mjml !== undefined && isWholeMjml(mjml))
      issue('layout', 'is around a part of a mail: leave <mjml> and <mj-body> out');
  });
export type MailSource = z.infer<typeof mailSource>;

/** True for a whole mail, false for what a layout goes around. */
export function isWholeMjml(mjml: string): boolean {
  return /<mjml[\s>]/i.test(mjml);
}

/** `source` of a partial: Liquid, with MJML or HTML where those who include it have that. */
export const partialSource = z.strictObject({ text: template(MAX_SOURCE) });
export type PartialSource = z.infer<typeof partialSource>;

/** `source` of a layout: a whole MJML mail with `{{ content }}` in one place of its body. */
export const layoutSource = z.strictObject({ mjml: template(MAX_SOURCE) });
export type LayoutSource = z.infer<typeof layoutSource>;

/** Which channel's version of its text a notification was planned with; a channel without one has a built-in text. */
export const chosenTemplates = z.partialRecord(channelName, externalId);
export type ChosenTemplates = Partial<Record<ChannelName, string>>;
