import type { ChannelName } from '../contracts/channels.js';
import type { NotificationType } from '../contracts/notification-types.js';
import type { Content } from '../contracts/trigger.js';
import { findTexts } from './built-in-types.js';
import { renderContent } from './render-content.js';
import { renderType } from './render-type.js';
import { startRendering, type RenderedTexts, type RenderRequest } from './rendering.js';
import { TemplateError } from './template-error.js';

/**
 * Writes one notification for one channel: in the caller's words where `content` names the channel, else in the type's.
 * @throws TemplateError where a template fails, or where nothing says what to write (see {@link canRender}).
 */
export async function render<C extends ChannelName>(request: RenderRequest<C>): Promise<RenderedTexts[C]> {
  const { type, channel, content } = request;
  const rendering = startRendering(request);
  const own = content?.[channel];
  if (own !== undefined) return renderContent(channel, own, rendering);
  const texts = findTexts(type.name, rendering.locale);
  if (texts === undefined) {
    const place = { channel, field: null, fromContent: type.contentRequired };
    throw new TemplateError(place, `type ${type.name} has no text for this channel`);
  }
  return renderType(channel, texts, rendering);
}

/** Whether there is anything to write on that channel; if not, the plan leaves it out (`no_content`). */
export function canRender(type: NotificationType, channel: ChannelName, content?: Content | null): boolean {
  return Boolean(content?.[channel]) || findTexts(type.name, 'en') !== undefined;
}
