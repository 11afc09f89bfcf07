import type { EmailMessage } from '../contracts/messages.js';
import { deliveryId } from '../contracts/ids.js';
import { MAX_TRACKED_URL } from '../models/tracking-tokens.js';
import { sensitiveTexts } from '../templates/sensitive.js';
import type { Prepared } from './prepared.js';
import type { TrackingUrls } from './tracking-urls.js';

/** Their links let somebody in: where they lead is nobody's business. */
const NEVER: readonly string[] = ['password_reset', 'security_alert'];
/** Shorter values stand in many a link by chance. */
const LEAST_SENSITIVE = 3;

/** A link of a mail: what stands before its address, and the address in either kind of quotes. */
const LINK = /(<a\s(?:[^<>]{0,2000}?\s)?href\s*=\s*)(?:"([^"<>]*)"|'([^'<>]*)')/gi;
const BODY_END = /<\/body\s*>(?![\s\S]*<\/body)/i;

/**
 * The mail with what its tenant tracks: an image of one pixel, and links that go by way of Carillon. As it is where the
 * person does not want that, and of types that are critical. Links to unsubscribe, and those in which a sensitive variable
 * stands, are left as they are, and so is the text for those who read no HTML.
 */
export async function trackedMail<Message extends EmailMessage>(
  message: Message,
  notificationId: string,
  { facts, trigger }: Pick<Prepared, 'facts' | 'trigger'>,
  trackingUrls: TrackingUrls,
): Promise<Message> {
  const { tenant, type, preferences } = facts;
  const { opens, clicks } = tenant.tracking;
  const isWanted = (opens || clicks) && preferences.tracking && !type.critical && !NEVER.includes(type.name);
  if (!isWanted || message.html === undefined) return message;
  const urls = await trackingUrls({
    tenantId: tenant.id,
    deliveryId: deliveryId(notificationId, 'email'),
  });
  const untold = sensitiveTexts(trigger.data, type.sensitive).filter(
    (text) => text.length >= LEAST_SENSITIVE,
  );
  const mayTrack = (url: string) =>
    url.length <= MAX_TRACKED_URL &&
    /^https?:\/\//i.test(url) &&
    URL.canParse(url) &&
    url !== message.unsubscribeUrl &&
    !url.startsWith(`${urls.base}u/`) &&
    !untold.some((text) => url.includes(text) || url.includes(encodeURIComponent(text)));
  const linked = clicks
    ? withLinks(message.html, (url) => (mayTrack(url) ? urls.link(url) : undefined))
    : message.html;
  return { ...message, html: opens ? withPixel(linked, urls.pixel) : linked };
}

/** @param instead undefined for a link that stays as it is. */
function withLinks(html: string, instead: (url: string) => string | undefined): string {
  return html.replace(LINK, (whole: string, before: string, quoted?: string, single?: string) => {
    const url = instead(unescaped((quoted ?? single ?? '').trim()));
    return url === undefined ? whole : `${before}"${url}"`;
  });
}

function withPixel(html: string, pixel: string): string {
  const image = `<img src="${pixel}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0" />`;
  return BODY_END.test(html) ? html.replace(BODY_END, (end) => image + end) : html + image;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** As a browser reads an attribute, of the entities that occur in addresses. */
function unescaped(text: string): string {
  return text.replace(
    /&(?:#(\d{1,5})|#x([0-9a-f]{1,4})|(amp|lt|gt|quot|apos));/gi,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return entities[(name as string).toLowerCase()] ?? whole;
      return String.fromCharCode(parseInt((decimal ?? hex) as string, decimal === undefined ? 16 : 10));
    },
  );
}
