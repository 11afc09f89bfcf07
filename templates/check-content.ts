import type { ChannelName } from '../contracts/channels.js';
import type { Content } from '../contracts/trigger.js';
import { parseCallers, type Escaping } from './liquid.js';
import { mapTexts } from './map-texts.js';
import type { TemplatePlace } from './template-error.js';

interface ContentField {
  place: TemplatePlace;
  text: string;
  escaping: Escaping;
}

/**
 * Parses every template of a content, so that a bad one is refused before the notification is accepted.
 * @throws TemplateError that names the field: `content.email.subject`.
 */
export function checkContent(content: Content): void {
  for (const { text, escaping, place } of contentFields(content)) parseCallers(text, escaping, place);
}

/** Every template that a content holds; of a webhook's body each text in it. */
function contentFields(content: Content): ContentField[] {
  return (Object.keys(content) as ChannelName[]).flatMap((channel) => {
    const found: ContentField[] = [];
    mapTexts(content[channel] ?? {}, (text, path) => {
      const escaping = channel === 'email' && path === 'html' ? 'html' : 'none';
      found.push({ place: { channel, field: path, fromContent: true }, text, escaping });
      return text;
    });
    return found;
  });
}
