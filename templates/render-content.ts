import { entryOf, EVERY_OWN, type ChannelName } from '../contracts/channels.js';
import type { Content } from '../contracts/trigger.js';
import type { CompiledMail } from './compile-template.js';
import { htmlAsText } from './html-as-text.js';
import { layoutPhrases } from './layout-phrases.js';
import { fill, parseBuiltIn, type Escaping } from './liquid.js';
import { mailBrand } from './mail-brand.js';
import { mailHtml, mailVariables, paragraphsOf, withUnsubscribe, type Mail } from './mail.js';
import { mapTexts } from './map-texts.js';
import type { RenderedTexts, Rendering } from './rendering.js';
import { TemplateError } from './template-error.js';
import {
  MAX_RENDERED_LENGTH,
  oneLine,
  severalLines,
  SMS_ENDING,
  textLimits,
  withoutControls,
} from './text-limits.js';

type Renderer<C extends ChannelName> = (
  texts: NonNullable<Content[C]>,
  rendering: Rendering,
  channel: C,
) => RenderedTexts[C] | Promise<RenderedTexts[C]>;

const renderers: { [C in ChannelName]: Renderer<C> } = {
  in_app: (texts, rendering) => ({
    title: line(texts.title, 'title', rendering, 'in_app', textLimits.title),
    message: block(texts.message, 'message', rendering, 'in_app', textLimits.message),
  }),
  email: renderMail,
  sms: (texts, rendering) => ({
    text: block(texts.text, 'text', rendering, 'sms', textLimits.sms, SMS_ENDING),
  }),
  push: (texts, rendering) => ({
    title: line(texts.title, 'title', rendering, 'push', textLimits.title),
    body: block(texts.body, 'body', rendering, 'push', textLimits.pushBody),
  }),
  slack: (texts, rendering) => ({ text: block(texts.text, 'text', rendering, 'slack', textLimits.chat) }),
  teams: (texts, rendering) => ({ text: block(texts.text, 'text', rendering, 'teams', textLimits.chat) }),
  whatsapp: (texts, rendering) => ({
    text: block(texts.text, 'text', rendering, 'whatsapp', textLimits.whatsapp),
  }),
  webhook: (texts, rendering) => ({ body: renderBody(texts.body, rendering) }),
  [EVERY_OWN]: (texts, rendering, channel) => ({
    title: line(texts.title ?? '', 'title', rendering, channel, textLimits.title),
    text: block(texts.text, 'text', rendering, channel, textLimits.chat),
  }),
};

/**
 * Fills the text that a caller, or a template, has for one channel.
 * @throws TemplateError where a template of it fails, runs too long, or makes too much.
 */
export async function renderContent<C extends ChannelName>(
  channel: C,
  texts: NonNullable<Content[C]>,
  rendering: Rendering,
): Promise<RenderedTexts[C]> {
  return renderers[entryOf(channel)](texts, rendering, channel);
}

/** HTML goes out as given, text alone is set in the layout; what is missing of the two is made from the other. */
async function renderMail(
  texts: NonNullable<Content['email']> & Pick<CompiledMail, 'derivedText'>,
  rendering: Rendering,
): Promise<RenderedTexts['email']> {
  const subject = line(texts.subject, 'subject', rendering, 'email', textLimits.subject);
  const text =
    texts.text === undefined
      ? undefined
      : withoutControls(filled(texts.text, 'text', rendering, 'email', 'none'));
  const mail = mailAround(texts.html === undefined ? (text ?? '') : '', subject, rendering);
  if (texts.html === undefined) {
    const place = { channel: 'email', field: 'text', fromContent: rendering.fromContent } as const;
    return { subject, html: await mailHtml(mail, rendering, place), text: withUnsubscribe(text ?? '', mail) };
  }
  const around = { ...rendering, variables: { ...rendering.variables, mail: mailVariables(mail) } };
  const html = withoutControls(filled(texts.html, 'html', around, 'email', 'html'));
  return { subject, html, text: text ?? textOf(html, texts.derivedText, around) };
}

function textOf(html: string, derivedText: string | undefined, rendering: Rendering): string {
  if (derivedText === undefined) return htmlAsText(html);
  const text = withoutControls(filled(derivedText, 'text', rendering, 'email', 'none'));
  // Where nothing is said of something its line is empty.
  return text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function mailAround(text: string, subject: string, rendering: Rendering): Mail {
  const { notification } = rendering.context;
  const phrases = layoutPhrases[rendering.locale];
  const place = { channel: 'email', field: 'why', fromContent: false } as const;
  const why = fill(parseBuiltIn(phrases.why, 'none'), rendering.variables, rendering.settings, place);
  return {
    locale: rendering.lang,
    phrases: rendering.locale,
    ...mailBrand(rendering),
    subject,
    label: '',
    heading: '',
    paragraphs: paragraphsOf(text),
    quote: '',
    items: [],
    entries: [],
    rest: '',
    facts: [],
    button: phrases.open,
    link: rendering.link,
    why: oneLine(why, 500),
    unsubscribeUrl: notification.unsubscribeUrl ?? null,
  };
}

function renderBody(body: Record<string, unknown>, rendering: Rendering): Record<string, unknown> {
  let total = 0;
  const result = mapTexts(body, (template, path) => {
    const text = filled(template, `body.${path}`, rendering, 'webhook', 'none');
    total += text.length;
    if (total > MAX_RENDERED_LENGTH) {
      const place = { channel: 'webhook', field: 'body', fromContent: rendering.fromContent } as const;
      throw new TemplateError(place, `makes more than ${MAX_RENDERED_LENGTH} characters`);
    }
    return text;
  });
  return result as Record<string, unknown>;
}

function filled(
  template: string,
  field: string,
  rendering: Rendering,
  channel: ChannelName,
  escaping: Escaping,
): string {
  const { fromContent, variables, settings } = rendering;
  const place = { channel, field, fromContent };
  return fill(rendering.parse(template, escaping, place), variables, settings, place);
}

/** A title without any text would be an empty line in somebody's list: the tenant's name stands in for it. */
function line(
  template: string,
  field: string,
  rendering: Rendering,
  channel: ChannelName,
  limit: number,
): string {
  const text = oneLine(filled(template, field, rendering, channel, 'none'), limit);
  return text || oneLine(rendering.context.tenant.name, limit);
}

function block(
  template: string,
  field: string,
  rendering: Rendering,
  channel: ChannelName,
  limit: number,
  ending?: string,
): string {
  return severalLines(filled(template, field, rendering, channel, 'none'), limit, ending);
}
