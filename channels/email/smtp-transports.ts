import { randomBytes } from 'node:crypto';
import {
  createTransport,
  type SendMailOptions,
  type SMTPPoolOptions,
  type SMTPPoolSentMessageInfo,
  type Transporter,
} from 'nodemailer';
import type { Readable } from 'node:stream';
import type { Network } from '../../contracts/network.js';
import { ResourcePool } from '../resource-pool.js';
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

/**
 * Pooled connections per tenant and credentials, at most `limit` pools; the one unused for longest goes first. Tenants
 * that share a server do not share connections: a pool is a queue, and one tenant's hanging sends would hold everybody
 * behind them. Nor are connections shared between ways out, or a tenant that names the deployment's own server would
 * get there.
 */
export class SmtpTransports {
  private readonly transports: ResourcePool<Transport>;
  private readonly networks = new WeakMap<Network, string>();

  constructor(limit: number) {
    // nodemailer fails what still queues in a pool that it closes.
    this.transports = new ResourcePool({ limit, endWhenFree: (transport) => transport.close() });
  }

  /** @throws what nodemailer throws, or a `ChannelError` once closed. */
  send(sender: Sender, credentials: SmtpCredentials, mail: TrackedMail): Promise<SMTPPoolSentMessageInfo> {
    const { dkim } = credentials;
    const signed: SignedMail = { ...mail, ...(dkim ? { sign: dkimSigner(dkim) } : {}) };
    return this.transports.use(
      this.identityOf(sender, credentials),
      () => openTransport(credentials, sender.network),
      (transport) => transport.sendMail(signed),
    );
  }

  /** Resting connections end now, busy ones with their send. */
  close(): Promise<void> {
    return this.transports.close();
  }

  /** What is the mail's and not the connection's does not count. */
  private identityOf(
    { tenantId, network }: Sender,
    { from: _from, replyTo: _replyTo, dkim: _dkim, ...connection }: SmtpCredentials,
  ): unknown {
    const way = this.networks.get(network) ?? randomBytes(16).toString('hex');
    this.networks.set(network, way);
    return [tenantId, way, Object.entries(connection).sort(([a], [b]) => (a < b ? -1 : 1))];
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
