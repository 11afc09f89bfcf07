import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import type { SendMailOptions } from 'nodemailer';
import type { EmailMessage } from '../../contracts/messages.js';
import { ChannelError, type SendContext } from '../channel.js';
import type { Mailbox } from './mailbox.js';

const NOT_FOR_A_HEADER = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/**
 * The message as nodemailer takes it. Addresses go in as objects and the envelope is spelt out, so that no text is
 * ever read as a list of addresses; line breaks and controls in subject and names become blanks; and no text is read
 * as a path or URL to fetch.
 * @param given what the credentials say of the sender.
 * @throws {ChannelError} `content_error` where neither message nor credentials name a sender.
 */
export function mailOf(
  message: EmailMessage,
  given: { from?: Mailbox; replyTo?: Mailbox; returnPath?: string },
  context: Pick<SendContext, 'tenantId' | 'idempotencyKey' | 'returnToken'>,
): SendMailOptions {
  const from = senderOf(message, given);
  const replyTo = given.replyTo ?? message.replyTo;
  return {
    envelope: { from: returnPathOf(given.returnPath, context.returnToken) ?? from.address, to: [message.to] },
    from: inHeader(from),
    ...(replyTo ? { replyTo: inHeader(replyTo) } : {}),
    to: { name: '', address: message.to },
    subject: oneLine(message.subject),
    ...(message.text.trim() === '' ? {} : { text: message.text }),
    ...(message.html === undefined ? {} : { html: message.html }),
    ...attachmentsOf(message),
    messageId: messageIdOf(context, from.address),
    headers: {
      // RFC 3834 section 5: so that no vacation responder answers a notification.
      'Auto-Submitted': 'auto-generated',
      ...unsubscribeHeaders(message.unsubscribeUrl),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/**
 * The tenant's name, at the address that the credentials may send from; at the tenant's own where they name none. So a
 * tenant that sends through the deployment's server has its name there, and cannot pass for another's address.
 */
function senderOf({ from: own }: EmailMessage, { from: given }: { from?: Mailbox }): Mailbox {
  const address = given?.address ?? own?.address;
  if (address === undefined)
    throw new ChannelError('content_error', { providerResponse: 'not sent: there is no sender' });
  return { name: own?.name ?? given?.name, address };
}

function inHeader({ name = '', address }: Mailbox): { name: string; address: string } {
  return { name: oneLine(name), address };
}

/** Never shown inline, whatever their type: an HTML file is no part of the mail. */
function attachmentsOf({ attachments = [] }: EmailMessage): Pick<SendMailOptions, 'attachments'> {
  if (attachments.length === 0) return {};
  return {
    attachments: attachments.map(({ filename, contentType, content }) => ({
      filename: oneLine(filename),
      content: Buffer.from(content),
      contentDisposition: 'attachment',
      ...(contentType === undefined ? {} : { contentType }),
    })),
  };
}

/**
 * The same for every attempt of a delivery, so that a repeated send (the connection was lost after DATA, the worker
 * died before it recorded) reaches the mailbox as the same message: receivers that suppress duplicates by Message-ID,
 * such as Exchange, Cyrus or a Sieve `duplicate` test (RFC 7352), then show it once. It names the delivery, so that a
 * bounce, which brings it back, is known to be of it; else it is a hash of the key, which names things that a recipient
 * has no business to know, and of the tenant, because two tenants may use the same key.
 */
export function messageIdOf(
  { tenantId, idempotencyKey, returnToken }: Pick<SendContext, 'tenantId' | 'idempotencyKey' | 'returnToken'>,
  fromAddress: string,
): string {
  const domain = domainToASCII(fromAddress.slice(fromAddress.lastIndexOf('@') + 1)) || 'carillon.invalid';
  return `<${returnToken ?? hashOf(tenantId, idempotencyKey)}@${domain}>`;
}

function hashOf(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}

/** An address of its own for each mail, `bounces+<token>@example.com`, to which it comes back. */
function returnPathOf(returnPath: string | undefined, token: string | undefined): string | undefined {
  return token === undefined ? returnPath : returnPath?.replace('@', `+${token}@`);
}

/**
 * One-click unsubscribe, RFC 8058: the receiver POSTs the second header's value to the URL, over https only. For a
 * receiver to act on it the sending server has to sign both with DKIM. Not folded: a URL has no blank to fold at.
 */
function unsubscribeHeaders(url: string | undefined): Exclude<SendMailOptions['headers'], undefined> {
  if (url === undefined) return {};
  return {
    'List-Unsubscribe': { prepared: true, foldLines: false, value: `<${url}>` },
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}

function oneLine(text: string): string {
  return text.replace(NOT_FOR_A_HEADER, ' ').trim();
}

/** What a server may echo of a message, and nobody is to read: the addressee and the subject. */
export function echoedWords({ to, subject }: EmailMessage): string[] {
  return [to, to.slice(0, to.lastIndexOf('@')), subject];
}
