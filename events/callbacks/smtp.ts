import { simpleParser, type ParsedMail } from 'mailparser';
import { classifyReply, isPolicy } from '../../channels/email/smtp-reasons.js';
import { redactResponse } from '../../channels/redaction.js';
import type { FailureReason } from '../../contracts/errors.js';
import type { Callback, Feedback } from '../../contracts/feedback.js';
import { tokensIn, type TokenReader } from '../../models/delivery-tokens.js';
import { isSameText } from '../signing/same-text.js';
import { refused, type Taken } from './callback.js';
import { addressIn, reportGroups, type ReportFields } from './report-fields.js';

/** What is wrong with the mail, or only for now, and not with its address. */
const blameless: readonly FailureReason[] = ['content_error', 'auth_error', 'rate_limited'];
/** A mailbox that is full (RFC 3463), which may be emptied. */
const FULL = /^5\.2\.2$/;

/**
 * A mail that came back to the address that mails are sent from, posted as it is by the mail server: a bounce (RFC 3464),
 * a complaint (RFC 5965), or somebody's answer. It is posted with `Authorization: Bearer <secret>`.
 * @param secrets each is good.
 */
export async function takeSmtp(
  callback: Callback,
  secrets: readonly string[],
  deliveryOf: TokenReader,
): Promise<Taken> {
  const [, given] = /^Bearer (\S+)$/i.exec(callback.header('authorization') ?? '') ?? [];
  if (given === undefined) return refused('Authorization: Bearer … is missing');
  if (!secrets.some((secret) => isSameText(secret, given))) return refused('the secret is not right');
  return { ok: true, told: { feedback: await returnedMail(callback.body, callback.nowMs, deliveryOf) } };
}

/** What a mail that came back tells; nothing of one that no mail of ours led to. */
export async function returnedMail(raw: Buffer, nowMs: number, deliveryOf: TokenReader): Promise<Feedback[]> {
  const mail = await simpleParser(raw, {
    keepDeliveryStatus: true,
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
  });
  const ids = (text: string) => tokensIn(text).flatMap((token) => deliveryOf('email', token) ?? []);
  const head = mail.headerLines.map(({ line }) => line).join('\n');
  // The address that it came back to names the delivery; else the Message-ID of what it brings back.
  const deliveryId = ids(head)[0] ?? ids(raw.toString('latin1'))[0];
  if (deliveryId === undefined) return [];
  const at = new Date(Math.min(mail.date?.getTime() || nowMs, nowMs));
  const status = partOf(mail, 'message/delivery-status');
  if (status !== undefined) return bounceIn(reportGroups(status), deliveryId, at);
  const report = partOf(mail, 'message/feedback-report');
  if (report !== undefined) return complaintIn(reportGroups(report), deliveryId, at);
  return isAnswer(mail) ? [{ kind: 'replied', deliveryId, at }] : [];
}

function partOf(mail: ParsedMail, contentType: string): string | undefined {
  // International reports (RFC 6533) are named apart.
  const names = [contentType, contentType.replace('message/', 'message/global-')];
  return mail.attachments.find((part) => names.includes(part.contentType))?.content.toString('utf8');
}

function bounceIn(groups: readonly ReportFields[], deliveryId: string, at: Date): Feedback[] {
  const group = groups.find((fields) => fields.has('action'));
  if (!group) return [];
  const action = group.get('action')?.toLowerCase().split(/\s/)[0];
  if (action === 'delivered') return [{ kind: 'delivered', deliveryId, at }];
  if (action !== 'failed' && action !== 'delayed') return [];
  const addresses = [group.get('original-recipient'), group.get('final-recipient')].flatMap(
    (field) => addressIn(field) ?? [],
  );
  const [status = ''] = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(group.get('status') ?? '') ?? [];
  const reply = group.get('diagnostic-code')?.replace(/^[\w-]+\s*;\s*/, '') ?? '';
  const detail = [status, redactResponse(reply, addresses)].filter(Boolean).join(' ');
  if (action === 'delayed' || !status.startsWith('5')) return [{ kind: 'delayed', deliveryId, at, detail }];
  // As a server would have said it at once: the status decides, and what it says beside it.
  const verdict = classifyReply(
    `550 ${status} ${reply.replace(/^\d{3}[ -]([245]\.\d+\.\d+)?/, '')}`,
    'recipient',
  );
  const isAddress = !blameless.includes(verdict.reason) && !FULL.test(status) && !isPolicy(reply);
  return [
    {
      kind: 'bounced',
      deliveryId,
      at,
      failureReason: verdict.reason,
      suppress: isAddress ? 'bounced' : undefined,
      detail,
      addresses,
    },
  ];
}

function complaintIn(groups: readonly ReportFields[], deliveryId: string, at: Date): Feedback[] {
  const [fields] = groups;
  const type = fields?.get('feedback-type')?.toLowerCase();
  // `not-spam` takes one back; the rest (`auth-failure`, `dmarc`) are of no reader.
  if (type === undefined || !['abuse', 'fraud', 'virus', 'other', 'opt-out'].includes(type)) return [];
  const addresses = [fields?.get('original-rcpt-to')].flatMap((field) => addressIn(field) ?? []);
  return [{ kind: 'complained', deliveryId, at, detail: type, addresses }];
}

/** Of a person, and not of a machine that is away until Monday (RFC 3834), or that has a bounce of its own making. */
function isAnswer({ headers, inReplyTo }: ParsedMail): boolean {
  const text = (name: string) => {
    const value = headers.get(name);
    return typeof value === 'string' ? value.toLowerCase() : '';
  };
  const isAutomatic = !['', 'no'].includes(text('auto-submitted')) || headers.has('x-autoreply');
  const isBulk = /bulk|junk|auto_reply|list/.test(text('precedence'));
  const from = headers.get('from');
  const sender = typeof from === 'object' && 'text' in from ? from.text : '';
  return inReplyTo !== undefined && !isAutomatic && !isBulk && !/mailer-daemon|postmaster/i.test(sender);
}
