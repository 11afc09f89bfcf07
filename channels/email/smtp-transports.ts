import { createHmac, randomBytes } from 'node:crypto';
import {
  createTransport,
  type SendMailOptions,
  type SMTPPoolOptions,
  type SMTPPoolSentMessageInfo,
  type Transporter,
} from 'nodemailer';
import type { Readable } from 'node:stream';
import type { Network } from '../../contracts/network.js';
import { ChannelError } from '../channel.js';
import { dkimSigner } from './dkim.js';
import { CONNECT_TIMEOUT_MS, socketsThrough } from './smtp-connect.js';
import type { SmtpCredentials } from './smtp-credentials.js';

/**
 * Ceilings for the connection itself, in milliseconds. A send's own deadline comes first where it is shorter: it spans
 * waiting for a connection, the session and the server's answer, which none of nodemailer's timeouts does alone.
 */
const IDLE_TIMEOUT_MS = 60_000;
/** Above the idle timeout, or the pool's own resting connections would end as timeouts. RFC 5321 gives DATA 10 minutes. */
const SILENCE_TIMEOUT_MS = 10 * 60_000;
/** How long a connection that we closed may linger. */
const LINGER_MS = 1_000;
/** A reply longer than this is no reply. */
const MAX_REPLY_BYTES = 16 * 1024;
/**
 * Twice over to another connection where a pooled one turns out dead before a byte of the message was sent (nodemailer
 * requeues in no other case), as after the server's restart.
 */
const MAX_REQUEUES = 2;

/** Set on each mail: where its bytes are noticed on their way out. */
export interface Transfer {
  body?: Readable;
}
export type TrackedMail = SendMailOptions & { transfer: Transfer };
type SignedMail = TrackedMail & { sign?: (message: Readable) => Readable };

/** Who sends, and through which way out. */
interface Sender {
  tenantId: string;
  network: Network;
}

type Transport = Transporter<SMTPPoolSentMessageInfo, SMTPPoolOptions>;

interface Entry {
  transport: Transport;
  sending: number;
  retired: boolean;
}

/**
 * Pooled connections per tenant and credentials, at most `limit` pools; the one unused for longest goes first, once its
 * sends are done. Tenants that share a server do not share connections: a pool is a queue, and one tenant's hanging
 * sends would hold everybody behind them. Nor are connections shared between ways out, or a tenant that names the
 * deployment's own server would get there. Keyed by a hash with a key of this process, so that no password can be read
 * or guessed from it.
 */
export class SmtpTransports {
  private readonly entries = new Map<string, Entry>();
  private readonly hashKey = randomBytes(32);
  private readonly networks = new WeakMap<Network, string>();
  private closed = false;

  constructor(private readonly limit: number) {}

  /** Number of pools that are kept. */
  get size(): number {
    return this.entries.size;
  }

  /** @throws what nodemailer throws, or a {@link ChannelError} once closed. */
  async send(
    sender: Sender,
    credentials: SmtpCredentials,
    mail: TrackedMail,
  ): Promise<SMTPPoolSentMessageInfo> {
    const entry = this.entryFor(sender, credentials);
    const { dkim } = credentials;
    const signed: SignedMail = { ...mail, ...(dkim ? { sign: dkimSigner(dkim) } : {}) };
    entry.sending += 1;
    try {
      return await entry.transport.sendMail(signed);
    } finally {
      entry.sending -= 1;
      this.closeWhenFree(entry);
    }
  }

  /** Resting connections end now, busy ones with their send. */
  close(): void {
    this.closed = true;
    for (const key of [...this.entries.keys()]) this.retire(key);
  }

  private entryFor(sender: Sender, credentials: SmtpCredentials): Entry {
    if (this.closed) {
      throw new ChannelError('network_error', {
        providerDown: false,
        providerResponse: 'not sent: shutting down',
      });
    }
    const key = this.keyOf(sender, credentials);
    const entry = this.entries.get(key) ?? {
      transport: openTransport(credentials, sender.network),
      sending: 0,
      retired: false,
    };
    // A Map keeps the order of insertion: taken out and put back, the entry is the latest used.
    this.entries.delete(key);
    this.entries.set(key, entry);
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.limit && oldest !== undefined) this.retire(oldest);
    return entry;
  }

  private retire(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    entry.retired = true;
    this.closeWhenFree(entry);
  }

  /** nodemailer fails what still queues in a pool that it closes, so a retired pool waits for its last send. */
  private closeWhenFree(entry: Entry): void {
    if (entry.retired && entry.sending === 0) entry.transport.close();
  }

  /** What is the mail's and not the connection's does not count. */
  private keyOf(
    { tenantId, network }: Sender,
    { from: _from, replyTo: _replyTo, dkim: _dkim, ...connection }: SmtpCredentials,
  ): string {
    const way = this.networks.get(network) ?? randomBytes(16).toString('hex');
    this.networks.set(network, way);
    const sorted = Object.entries(connection).sort(([a], [b]) => (a < b ? -1 : 1));
    return createHmac('sha256', this.hashKey)
      .update(JSON.stringify([tenantId, way, sorted]))
      .digest('base64url');
  }
}

function openTransport(credentials: SmtpCredentials, network: Network): Transport {
  const transport = createTransport({
    ...connectionOptions(credentials),
    getSocket: socketsThrough(network, credentials),
    pool: true,
    maxConnections: credentials.maxConnections,
    maxMessages: credentials.maxMessagesPerConnection,
    maxRequeues: MAX_REQUEUES,
    idleTimeout: IDLE_TIMEOUT_MS,
  });
  transport.use('stream', (mail, done) => {
    const { transfer, sign } = mail.data as SignedMail;
    // Signing reads the message to its end before a byte goes out, so it comes first.
    if (sign) mail.message.processFunc(sign);
    mail.message.processFunc((body) => (transfer.body = body));
    done();
  });
  return transport;
}

/** How a server is spoken to, whatever for. */
export function connectionOptions(credentials: SmtpCredentials): SMTPPoolOptions {
  const { tls, user, pass, ca, rejectUnauthorized } = credentials;
  return {
    host: credentials.host,
    port: credentials.port,
    name: credentials.name,
    secure: tls === 'implicit',
    requireTLS: tls === 'required',
    opportunisticTLS: tls === 'opportunistic',
    ignoreTLS: tls === 'none',
    tls: { rejectUnauthorized, ...(ca === undefined ? {} : { ca }) },
    ...(user === undefined ? {} : { auth: { user, pass } }),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    socketCloseTimeout: LINGER_MS,
    maxResponseSize: MAX_REPLY_BYTES,
    logger: false,
  };
}
