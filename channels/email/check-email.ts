import { attachmentLimits } from '../../contracts/attachments.js';
import { emailAddress } from '../../contracts/primitives.js';
import type { EmailMessage } from '../../contracts/messages.js';
import { ChannelError } from '../channel.js';

export const emailLimits = {
  /** Longest subject, in UTF-16 units: RFC 5322 section 2.1.1 allows a line 998 characters. */
  subject: 998,
  /** Subject, text and HTML together, in bytes before transfer encoding; Postfix takes 10,240,000 by default. */
  bytes: 10_000_000,
} as const;

const NOT_IN_A_URL_HEADER = /[\u0000-\u0020\u007f-\uffff<>]/;

/**
 * Whatever the provider: an address, something to read, limits, and an unsubscribe URL that can stand in a header.
 * @throws {ChannelError} `invalid_recipient` for the recipient's address, `content_error` for all else.
 */
export function checkEmail(message: EmailMessage): void {
  if (!emailAddress.safeParse(message.to).success) {
    throw new ChannelError('invalid_recipient', { providerResponse: 'not sent: the address is not one' });
  }
  const wrong = wrongWith(message);
  if (wrong !== undefined)
    throw new ChannelError('content_error', { providerResponse: `not sent: ${wrong}` });
}

function wrongWith({
  attachments = [],
  subject,
  text,
  html = '',
  from,
  replyTo,
  unsubscribeUrl,
}: EmailMessage): string | undefined {
  if (subject.length > emailLimits.subject) return `the subject is longer than ${emailLimits.subject}`;
  if (text.trim() === '' && html.trim() === '') return 'there is neither text nor HTML';
  const bytes = [subject, text, html].reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  const attached = attachments.reduce((sum, { content }) => sum + content.length, 0);
  if (attached > attachmentLimits.bytes)
    return `its attachments are larger than ${attachmentLimits.bytes} bytes`;
  if (bytes > emailLimits.bytes) return `it is larger than ${emailLimits.bytes} bytes`;
  if (from?.address !== undefined && !emailAddress.safeParse(from.address).success)
    return 'the sender has no valid address';
  if (replyTo && !emailAddress.safeParse(replyTo.address).success)
    return 'the address for answers is not one';
  if (unsubscribeUrl !== undefined && !isWebUrl(unsubscribeUrl))
    return 'the unsubscribe URL is not a web address';
  return undefined;
}

function isWebUrl(url: string): boolean {
  return !NOT_IN_A_URL_HEADER.test(url) && /^https?:\/\//i.test(url) && URL.canParse(url);
}
