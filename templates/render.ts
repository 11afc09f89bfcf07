import type { ChannelName } from '../contracts/channels.js';
import type { NotificationType } from '../contracts/notification-types.js';
import type { Content } from '../contracts/trigger.js';
import { findTexts } from './built-in-types.js';
import { textLocales } from './locales.js';
import { renderContent } from './render-content.js';
import { renderType } from './render-type.js';
import { startRendering, type RenderedTexts, type RenderRequest } from './rendering.js';
import { TemplateError } from './template-error.js';

/**
 * Writes one notification for one channel: in the caller's words where `content` names the channel, else in those of the
 * template that was chosen, else in the type's.
 * @throws TemplateError where a template fails, or where nothing says what to write (see {@link hasBuiltInTexts}).
 */
export async function render<C extends ChannelName>(request: RenderRequest<C>): Promise<RenderedTexts[C]> {
  const { type, channel, content, template } = request;
  const rendering = startRendering(request);
  const own = content?.[channel];
  if (own !== undefined) return renderContent(channel, own, rendering);
  if (template?.kind === 'type')
    return renderContent(channel, template.texts as NonNullable<Content[C]>, rendering);
  const texts = findTexts(type.name, rendering.locale);
  if (texts === undefined) {
    const place = { channel, field: null, fromContent: type.contentRequired };
    throw new TemplateError(place, `type ${type.name} has no text for this channel`);
  }
  return renderType(channel, texts, rendering);
}

/** Whether there is a built-in text in a language, for every channel. */
export function hasBuiltInText(type: Pick<NotificationType, 'name'>, locale: string): boolean {
  const language = textLocales.find((one) => one === locale);
  return language !== undefined && findTexts(type.name, language) !== undefined;
}

/** Whether there are built-in texts, for every channel. */
export function hasBuiltInTexts(type: Pick<NotificationType, 'name'>): boolean {
  return findTexts(type.name, 'en') !== undefined;
}
