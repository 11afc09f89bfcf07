import { entryOf, EVERY_OWN, type ChannelName } from '../contracts/channels.js';
import { actionLink } from './action-link.js';
import type { TypeTexts } from './built-in-type.js';
import { fill, parseBuiltIn } from './liquid.js';
import { mailHtml, mailText, paragraphsOf, type Mail } from './mail.js';
import { mailBrand } from './mail-brand.js';
import { mailEntries } from './mail-entries.js';
import type { RenderedTexts, Rendering } from './rendering.js';
import type { TemplatePlace } from './template-error.js';
import { oneLine, severalLines, SMS_ENDING, textLimits } from './text-limits.js';

type Renderer<C extends ChannelName> = (
  texts: TypeTexts,
  rendering: Rendering,
  channel: C,
) => RenderedTexts[C] | Promise<RenderedTexts[C]>;

const renderers: { [C in ChannelName]: Renderer<C> } = {
  in_app: (texts, rendering) => ({
    title: title(texts, rendering, 'in_app'),
    message: message(texts, rendering, 'in_app', textLimits.message),
  }),
  email: async (texts, rendering) => {
    const mail = mailOf(texts, rendering);
    const place = { channel: 'email', field: 'html', fromContent: false } as const;
    return {
      subject: mail.subject,
      html: await mailHtml(mail, rendering, place),
      text: mailText(mail),
    };
  },
  sms: (texts, rendering) => {
    const sentence = oneLine(filled(texts.sms, 'text', rendering, 'sms'), 1000, SMS_ENDING);
    const from = oneLine(rendering.context.tenant.name, 30, SMS_ENDING);
    const parts = [`${from}: ${sentence}`, ownLink(texts, rendering, 'sms')];
    return { text: oneLine(parts.filter(Boolean).join(' '), textLimits.sms, SMS_ENDING) };
  },
  push: (texts, rendering) => ({
    title: title(texts, rendering, 'push'),
    body: message({ message: texts.push ?? texts.message }, rendering, 'push', textLimits.pushBody),
  }),
  slack: (texts, rendering) => ({ text: chatText(texts, rendering, 'slack', rendering.link) }),
  teams: (texts, rendering) => ({ text: chatText(texts, rendering, 'teams', rendering.link) }),
  whatsapp: (texts, rendering) => ({
    text: chatText(texts, rendering, 'whatsapp', ownLink(texts, rendering, 'whatsapp')),
  }),
  webhook: (texts, rendering) => ({
    body: {
      title: title(texts, rendering, 'webhook'),
      message: message(texts, rendering, 'webhook', textLimits.message),
    },
  }),
  [EVERY_OWN]: (texts, rendering, channel) => ({
    title: title(texts, rendering, channel),
    text: oneLine(filled(texts.sms, 'text', rendering, channel), textLimits.chat),
  }),
};

/** Writes what a built-in type says on one channel. */
export async function renderType<C extends ChannelName>(
  channel: C,
  texts: TypeTexts,
  rendering: Rendering,
): Promise<RenderedTexts[C]> {
  return renderers[entryOf(channel)](texts, rendering, channel);
}

function filled(template: string, field: string, rendering: Rendering, channel: ChannelName): string {
  const place: TemplatePlace = { channel, field, fromContent: false };
  return fill(parseBuiltIn(template, 'none'), rendering.variables, rendering.settings, place);
}

/** On channels that nobody but the reader sees; elsewhere there is but the `actionUrl`. */
function ownLink({ link }: TypeTexts, rendering: Rendering, channel: ChannelName): string | null {
  if (link === undefined) return rendering.link;
  const url = filled(link, 'link', rendering, channel).trim();
  return actionLink(url, rendering.context.tenant.appUrl) ?? rendering.link;
}

function title(texts: TypeTexts, rendering: Rendering, channel: ChannelName): string {
  return (
    oneLine(filled(texts.title, 'title', rendering, channel), textLimits.title) ||
    oneLine(rendering.context.tenant.name, textLimits.title)
  );
}

function message(
  texts: Pick<TypeTexts, 'message'>,
  rendering: Rendering,
  channel: ChannelName,
  limit: number,
): string {
  return severalLines(filled(texts.message, 'message', rendering, channel), limit);
}

function chatText(
  texts: TypeTexts,
  rendering: Rendering,
  channel: 'slack' | 'teams' | 'whatsapp',
  link: string | null,
): string {
  const limit = channel === 'whatsapp' ? textLimits.whatsapp : textLimits.chat;
  const parts = [title(texts, rendering, channel), message(texts, rendering, channel, limit - 2500), link];
  return severalLines(parts.filter(Boolean).join('\n'), limit);
}

function mailOf(texts: TypeTexts, rendering: Rendering): Mail {
  const { mail } = texts;
  const line = (template: string, field: string, limit = 500) =>
    oneLine(filled(template, field, rendering, 'email'), limit);
  const block = (template: string, field: string) =>
    severalLines(filled(template, field, rendering, 'email'), textLimits.message);
  return {
    locale: rendering.lang,
    phrases: rendering.locale,
    ...mailBrand(rendering),
    subject: line(texts.subject, 'subject', textLimits.subject),
    label: mail.label,
    heading: line(mail.heading, 'heading'),
    paragraphs: mail.paragraphs.flatMap((text, index) => paragraphsOf(block(text, `paragraphs[${index}]`))),
    quote: mail.quote === undefined ? '' : block(mail.quote, 'quote'),
    items: mail.items === undefined ? [] : block(mail.items, 'items').split('\n').filter(Boolean),
    ...mailEntries(mail.entries, rendering),
    facts: (mail.facts ?? [])
      .map(([label, value]) => ({ label, value: line(value, `facts.${label}`) }))
      .filter((fact) => fact.value !== ''),
    button: mail.button,
    link: ownLink(texts, rendering, 'email'),
    why: line(mail.why, 'why'),
    unsubscribeUrl: rendering.context.notification.unsubscribeUrl ?? null,
  };
}
