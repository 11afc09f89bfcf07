import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { emailAddress, lineOfText } from '../../contracts/primitives.js';
import { dkimKeys, type DkimKey } from './dkim.js';
import { mailbox, type Mailbox } from './mailbox.js';
import { smtpUrlFields } from './smtp-url.js';

/**
 * `implicit` speaks TLS from the first byte (`smtps://`, port 465); `required` refuses to go on without STARTTLS;
 * `opportunistic` takes STARTTLS where it is offered; `none` never asks for it.
 */
export const smtpTlsModes = ['implicit', 'required', 'opportunistic', 'none'] as const;
export type SmtpTlsMode = (typeof smtpTlsModes)[number];

/**
 * Connections to one server from one process. Enough for over a thousand messages a second on a local network and
 * for a relay a hundred milliseconds away to take a hundred, yet five such processes stay below the fifty that
 * Postfix allows one client (`smtpd_client_connection_count_limit`). Hosted mailboxes allow fewer: Microsoft 365, 3.
 */
const DEFAULT_CONNECTIONS = 10;

/** Messages before a connection is replaced: what many servers allow, and it spreads load behind a balancer. */
const DEFAULT_MESSAGES = 100;

/** How to reach and to enter one SMTP server. Complete: every default is filled in. */
export interface SmtpCredentials {
  host: string;
  port: number;
  tls: SmtpTlsMode;
  /** False takes any certificate. */
  rejectUnauthorized: boolean;
  /** PEM of a private authority to trust instead of the public ones. */
  ca?: string;
  /** With `user` comes `pass`. */
  user?: string;
  pass?: string;
  /** The sender. Its address stands over the tenant's own, whose name stands over this one's. */
  from?: Mailbox;
  /** Where answers go; the tenant's own where this is absent. */
  replyTo?: Mailbox;
  /** Where mails come back to, each to an address of its own: `bounces+…@example.com` of `bounces@example.com`. */
  returnPath?: string;
  /** Mails are signed with each of them. */
  dkim?: DkimKey[];
  /** The name given in EHLO. Default: the machine's. */
  name?: string;
  maxConnections: number;
  maxMessagesPerConnection: number;
}

/** RFC 5321 section 4.5.3.1.1: 64 characters before the `@`; the delivery's name takes 50 of them, and the plus one. */
const LONGEST_RETURN_NAME = 13;

const returnPath = emailAddress.refine(
  (address) => /^[^+@"]+@/.test(address) && address.indexOf('@') <= LONGEST_RETURN_NAME,
  `must be an address with at most ${LONGEST_RETURN_NAME} characters before the @, without a plus`,
);

const fields = z.strictObject({
  host: lineOfText(253).regex(/^[^\s/?#@]+$/, 'must be a host name or an IP address'),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  /** nodemailer's word for `tls: "implicit"`. */
  secure: z.boolean().optional(),
  tls: z.enum(smtpTlsModes).optional(),
  rejectUnauthorized: z.boolean().optional(),
  ca: z.string().max(100_000).refine(isCertificate, 'must be a certificate in PEM form').optional(),
  user: lineOfText(320).optional(),
  pass: lineOfText(4096).optional(),
  from: mailbox.optional(),
  replyTo: mailbox.optional(),
  returnPath: returnPath.optional(),
  dkim: dkimKeys.optional(),
  name: lineOfText(253).optional(),
  maxConnections: z.coerce.number().int().min(1).max(100).default(DEFAULT_CONNECTIONS),
  maxMessagesPerConnection: z.coerce.number().int().min(1).max(100_000).default(DEFAULT_MESSAGES),
});

/**
 * SMTP credentials from a URL (`smtp://user:password@host:587?maxConnections=3`), from `{ url, from?, … }`, or from
 * fields `{ host, port?, tls? | secure?, user?, pass?, from?, … }`. Port: 465 with implicit TLS, otherwise 587.
 *
 * TLS, unless said: `implicit` for `smtps://` and port 465; `required` where a password would travel to another
 * machine; otherwise `opportunistic`. Certificates are checked, except with `opportunistic` on this very machine,
 * where plain text would do as well and catchers and relays present certificates of their own making.
 */
export const smtpCredentials: z.ZodType<SmtpCredentials> = z.preprocess(
  smtpUrlFields,
  fields
    .refine((given) => (given.user === undefined) === (given.pass === undefined), {
      path: ['pass'],
      message: 'user and pass come together',
    })
    .refine(
      (given) => given.secure === undefined || !given.tls || given.secure === (given.tls === 'implicit'),
      {
        path: ['tls'],
        message: 'contradicts secure',
      },
    )
    .transform(({ secure, ...given }): SmtpCredentials => {
      const implicit = secure ?? (given.port === 465 && given.tls === undefined);
      const tls = given.tls ?? (implicit ? 'implicit' : startTlsMode(given));
      return {
        ...given,
        tls,
        port: given.port ?? (tls === 'implicit' ? 465 : 587),
        rejectUnauthorized:
          given.rejectUnauthorized ?? !(tls === 'opportunistic' && isThisMachine(given.host)),
      };
    }),
);

/**
 * The same from a tenant, who may not switch the checking of certificates off: it would hand the password, and what
 * people are written, to whoever stands in between. A server with a private authority is given with its `ca`.
 */
export const tenantSmtpCredentials: z.ZodType<SmtpCredentials> = smtpCredentials.refine(
  ({ rejectUnauthorized, tls, host }) =>
    rejectUnauthorized || (tls === 'opportunistic' && isThisMachine(host)),
  { path: ['rejectUnauthorized'], message: 'is for the deployment alone: give the authority as "ca"' },
);

function startTlsMode({ host, pass }: { host: string; pass?: string }): SmtpTlsMode {
  return pass !== undefined && !isThisMachine(host) ? 'required' : 'opportunistic';
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== '';
  } catch {
    return false;
  }
}

function isThisMachine(host: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|::1)$/i.test(host);
}

/**
 * `SMTP_URL` with the sender of the deployment, e.g. `Carillon <notifications@example.com>`, for messages and URLs
 * that name none.
 * @throws {z.ZodError} which says what is wrong, without the value.
 */
export function smtpCredentialsFromUrl(url: string, from?: string): SmtpCredentials {
  const credentials = smtpCredentials.parse(url);
  return credentials.from || from === undefined ? credentials : { ...credentials, from: mailbox.parse(from) };
}
