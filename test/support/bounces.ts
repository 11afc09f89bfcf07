/** What a mail server tells of a mail that it could not deliver. */
export interface BounceFields {
  /** Where it comes back to. */
  to: string;
  /** The mail that it could not deliver, whole. */
  original: string;
  recipient: string;
  action?: string;
  status?: string;
  diagnostic?: string;
  originalRecipient?: string;
  date?: Date;
}

/** A delivery status notification (RFC 3464), as Postfix writes one. */
export function bounceMail({
  to,
  original,
  recipient,
  action = 'failed',
  status = '5.1.1',
  diagnostic = `smtp; 550 5.1.1 <${recipient}>: Recipient address rejected: User unknown`,
  originalRecipient,
  date = new Date(),
}: BounceFields): string {
  const [head = ''] = original.split(/\r?\n\r?\n/);
  return [
    'Return-Path: <>',
    `Delivered-To: ${to}`,
    `Date: ${date.toUTCString()}`,
    'From: MAILER-DAEMON@mail.example (Mail Delivery System)',
    'Subject: Undelivered Mail Returned to Sender',
    `To: ${to}`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
    '',
    '--b1',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'This is the mail system at host mail.example.',
    '',
    '--b1',
    'Content-Description: Delivery report',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mail.example',
    'X-Postfix-Queue-ID: 4XyZ',
    `Arrival-Date: ${date.toUTCString()}`,
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    ...(originalRecipient === undefined ? [] : [`Original-Recipient: rfc822;${originalRecipient}`]),
    `Action: ${action}`,
    `Status: ${status}`,
    'Remote-MTA: dns; mx.example',
    `Diagnostic-Code: ${diagnostic}`,
    '',
    '--b1',
    'Content-Description: Undelivered Message Headers',
    'Content-Type: text/rfc822-headers',
    '',
    head,
    '',
    '--b1--',
    '',
  ].join('\r\n');
}
