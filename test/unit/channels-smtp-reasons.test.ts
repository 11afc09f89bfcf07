import { describe, expect, it } from 'vitest';
import type { FailureReason } from '../../contracts/errors.js';
import { classifyReply, type SmtpStage } from '../../channels/email/smtp-reasons.js';

/** Replies as real servers word them, the stage at which they come, and the reason that follows. */
const known: [string, SmtpStage, FailureReason][] = [
  // Authentication, whatever status comes with it.
  ['535 5.7.8 Username and Password not accepted', 'auth', 'auth_error'],
  ['535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled', 'auth', 'auth_error'],
  ['534 5.7.9 Application-specific password required', 'auth', 'auth_error'],
  ['530 5.5.1 Authentication Required', 'sender', 'auth_error'],
  ['530 5.7.0 Must issue a STARTTLS command first', 'sender', 'auth_error'],
  ['538 5.7.11 Encryption required for requested authentication mechanism', 'auth', 'auth_error'],
  ['504 5.7.4 Unrecognized authentication type', 'auth', 'auth_error'],
  ['454 4.7.0 Temporary authentication failure', 'auth', 'provider_error'],
  ['454 4.7.0 Too many login attempts, please try again later', 'auth', 'rate_limited'],
  ['550 5.7.57 Client not authenticated to send mail', 'sender', 'auth_error'],
  ['454 4.7.1 Relay access denied', 'recipient', 'rate_limited'],
  ['550 5.7.54 Unable to relay recipient in non-accepted domain', 'recipient', 'auth_error'],
  ['550 relaying denied', 'recipient', 'auth_error'],

  // Rates.
  ['421 4.7.28 our system has detected an unusual rate of mail', 'message', 'rate_limited'],
  ['421 4.7.0 Try again later, closing connection', 'connect', 'rate_limited'],
  ['432 4.3.2 Concurrent connections limit exceeded', 'sender', 'rate_limited'],
  ['454 Throttling failure: Maximum sending rate exceeded', 'message', 'rate_limited'],
  ['554 Throttling failure: Daily message quota exceeded', 'message', 'rate_limited'],
  ['550 5.4.5 Daily user sending quota exceeded', 'message', 'rate_limited'],
  ['451 4.7.500 Server busy', 'recipient', 'rate_limited'],

  // For now.
  ['450 4.2.0 Greylisted, see http://postgrey.example/help', 'recipient', 'provider_error'],
  ['451 4.7.1 Greylisting in action, please come back in 00:04:30', 'recipient', 'provider_error'],
  ['452 4.3.1 Insufficient system storage', 'sender', 'provider_error'],
  ['452 4.2.2 The recipient is over quota', 'recipient', 'provider_error'],
  ['450 4.1.8 sender domain not found', 'recipient', 'provider_error'],
  ['451 requested action aborted', 'message', 'provider_error'],
  ['552 5.2.2 The recipient is over quota', 'recipient', 'provider_error'],
  ['552 mailbox full', 'recipient', 'provider_error'],
  ['503 5.5.1 bad sequence of commands', 'recipient', 'provider_error'],
  ['502 not implemented', 'sender', 'provider_error'],

  // The server as a whole.
  ['421 4.3.2 Service shutting down', 'message', 'provider_error'],
  ['554 No SMTP service here', 'connect', 'provider_error'],
  ['521 5.3.2 does not accept mail', 'connect', 'provider_error'],

  // The recipient. Multi-line replies carry the status on each line.
  ['550-5.1.1 The email account does not exist.\n550 5.1.1 Learn more', 'recipient', 'invalid_recipient'],
  ['550 5.1.1 unknown in relay recipient table', 'recipient', 'invalid_recipient'],
  ['550 5.1.10 null MX', 'recipient', 'invalid_recipient'],
  ['550 5.2.1 account is disabled', 'recipient', 'invalid_recipient'],
  ['550 5.4.1 Recipient address rejected: Access denied', 'recipient', 'invalid_recipient'],
  ['501 5.5.4 Invalid address', 'recipient', 'invalid_recipient'],
  ['501 bad address', 'recipient', 'invalid_recipient'],
  ['553 5.6.7 non-ASCII addresses not permitted', 'recipient', 'invalid_recipient'],
  ['550 5.0.0 no such user', 'recipient', 'invalid_recipient'],
  ['551 user not local', 'recipient', 'invalid_recipient'],

  // The message, or its sender.
  ['550 5.7.26 does not pass DMARC', 'message', 'content_error'],
  ['554 5.7.1 policy', 'recipient', 'content_error'],
  ['550 5.1.7 invalid sender', 'recipient', 'content_error'],
  ['553 sender not owned by user', 'sender', 'content_error'],
  ['552 5.3.4 message too big', 'sender', 'content_error'],
  ['554 5.6.0 malformed', 'message', 'content_error'],
  ['550 refused', 'message', 'content_error'],

  // The enhanced status says more than the basic code, and is heard first.
  ['550 5.4.5 come back tomorrow', 'recipient', 'rate_limited'],
  ['550 4.4.1 no answer from host', 'recipient', 'provider_error'],
  ['503 5.5.1 bad sequence of commands', 'message', 'provider_error'],
  ['550 5.1.2 bad domain', 'sender', 'content_error'],
  ['554 5.1.1 unknown', 'recipient', 'invalid_recipient'],
  ['550 5.2.3 longer than this mailbox allows', 'recipient', 'content_error'],
  ['554 5.2.1 disabled', 'recipient', 'invalid_recipient'],
  ['554 5.3.0 mail system trouble', 'recipient', 'provider_error'],
  ['554 5.4.6 routing loop', 'message', 'provider_error'],
  ['500 5.5.2 line too long', 'message', 'content_error'],
  ['550 5.5.1 invalid command', 'sender', 'provider_error'],
  ['550 5.6.0 media not supported', 'recipient', 'content_error'],
  ['550 5.7.1 policy', 'recipient', 'content_error'],
  ['554 refused', 'recipient', 'content_error'],
];

describe('what an SMTP reply means', () => {
  it.each(known)('"%s" at %s is %s', (reply, stage, reason) => {
    expect(classifyReply(reply, stage).reason).toBe(reason);
  });

  it('never lets a 4xx end a delivery for good, whatever else it says', () => {
    const stages: SmtpStage[] = ['connect', 'auth', 'sender', 'recipient', 'message'];
    const statuses = ['', '4.7.1 ', '5.1.1 ', '5.6.0 ', '5.7.8 ', '4.0.0 '];
    const reasons = [420, 421, 432, 450, 451, 452, 454, 455, 471].flatMap((code) =>
      stages.flatMap((stage) => statuses.map((status) => classifyReply(`${code} ${status}no`, stage).reason)),
    );
    expect(new Set(reasons)).toEqual(new Set(['provider_error', 'rate_limited']));
  });

  it.each([
    ['421 4.3.0 closing', 'recipient', true],
    ['554 no service', 'connect', true],
    ['451 4.3.2 not accepting messages', 'sender', true],
    ['421 4.7.0 try again later', 'recipient', false],
    ['450 4.2.1 busy', 'recipient', false],
    ['550 5.1.1 unknown', 'recipient', false],
  ] as const)('"%s" at %s: the provider is down, %s', (reply, stage, down) => {
    expect(classifyReply(reply, stage).providerDown).toBe(down);
  });

  it.each([
    ['550 5.1.1 <{to}> unknown', 'recipient', 'bounced'],
    ['550-5.1.1 The email account does not exist.\n550 5.1.1 Learn more', 'recipient', 'bounced'],
    ['550 5.1.1 Recipient address rejected: User unknown in virtual mailbox table', 'recipient', 'bounced'],
    ['550 5.1.6 moved, no address to forward to', 'recipient', 'bounced'],
    ['556 5.1.10 the domain takes no mail', 'recipient', 'bounced'],
    ['550 5.1.1 unknown', 'message', 'bounced'],
    // Blames the sender, or policy, or this moment; or speaks of a mailbox that is there.
    ['550 5.1.1 unknown', 'sender', undefined],
    ['450 5.1.1 unknown', 'recipient', undefined],
    ['550 4.1.1 unknown', 'recipient', undefined],
    ['550 5.1.1 blocked by our spam policy', 'recipient', undefined],
    ['550 5.1.1 relay access denied', 'recipient', undefined],
    ['550 5.1.0 address rejected', 'recipient', undefined],
    ['550 5.1.2 no such domain', 'recipient', undefined],
    ['553 5.1.3 bad syntax', 'recipient', undefined],
    ['550 5.2.1 mailbox disabled', 'recipient', undefined],
    ['552 5.2.2 mailbox full', 'recipient', undefined],
    ['550 5.4.1 access denied', 'recipient', undefined],
    ['550 5.7.1 refused', 'recipient', undefined],
    ['550 no such user', 'recipient', undefined],
    ['551 5.1.60 not in the registry', 'recipient', undefined],
  ] as const)('"%s" at %s: the address is written to no more, %s', (reply, stage, suppress) => {
    expect(classifyReply(reply, stage).suppress).toBe(suppress);
  });

  it.each([
    ['450 4.7.1 try again in 300 seconds', 300_000],
    ['451 Greylisted for 5 minutes', 300_000],
    ['451 try again after 1 hour', 3_600_000],
    ['451 wait, retry in 30s', 30_000],
    ['451 4.7.1 please come back in 00:04:30', 270_000],
    ['451 please come back in 04:30', 270_000],
    ['451 try again in 999999 hours', 86_400_000],
    ['451 4.7.1 try again later', undefined],
    ['451 in 3 sessions', undefined],
    ['550 5.1.1 gone for 5 minutes', undefined],
  ])('"%s" asks to wait %s ms', (reply, retryAfterMs) => {
    expect(classifyReply(reply, 'recipient').retryAfterMs).toBe(retryAfterMs);
  });
});
