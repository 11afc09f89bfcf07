import { once, EventEmitter } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { SmtpBehaviours, SmtpReply, type SmtpBehaviour, type SmtpPoint } from './smtp-behaviour.js';
import { selfSignedCertificate } from './smtp-certificate.js';

export type { SmtpBehaviour, SmtpPoint } from './smtp-behaviour.js';

export interface SmtpServerSettings {
  /** Asks for this login before it takes mail. Default: takes it from everyone. */
  auth?: { user: string; pass: string };
  /** Default `none`. Otherwise with a self-signed certificate, made now. */
  tls?: 'none' | 'starttls' | 'implicit';
  /** False only counts the mails, for benches of more than a thousand a second. Default true. */
  keepMails?: boolean;
  /** Default: a free one. */
  port?: number;
  /** A receiver that takes one command at a time. Default true. */
  pipelining?: boolean;
}

export interface ReceivedMail {
  envelope: { from: string; to: string[] };
  /** Came over TLS. */
  secure: boolean;
  /** The login, where one was asked for. */
  user?: string;
  raw: string;
  parsed: ParsedMail;
  /** When the whole message was there. */
  at: Date;
}

/** A real SMTP server on 127.0.0.1 whose behaviour can be switched while it runs. */
export interface TestSmtpServer {
  readonly port: number;
  /** `smtp://user:pass@127.0.0.1:port`, `smtps://` with implicit TLS. */
  readonly url: string;
  /** The certificate to trust, where it speaks TLS. */
  readonly certificate?: string;
  /** Mails accepted, oldest first. Empty where they are only counted. */
  readonly mails: readonly ReceivedMail[];
  /** How many mails it accepted. */
  readonly accepted: number;
  /** Connections: how many since the start, and how many now. */
  readonly connections: { readonly total: number; readonly open: number };
  /** Replaces what it does from now on; nothing means: accept. `met` resolves when a client first meets one of them. */
  behave(...behaviours: SmtpBehaviour[]): { met: Promise<void> };
  /** The same beside what it does already: for tests that run at once, each with its own recipients. */
  behaveToo(...behaviours: SmtpBehaviour[]): { met: Promise<void> };
  /** Resolves once so many mails were accepted; rejects after `deadlineMs` (default 10 s). */
  waitForMails(count: number, deadlineMs?: number): Promise<void>;
  /** Cuts every connection and stops. */
  close(): Promise<void>;
}

/** Starts a {@link TestSmtpServer} and resolves when it listens. */
export async function startSmtpServer(settings: SmtpServerSettings = {}): Promise<TestSmtpServer> {
  const { auth, tls = 'none', keepMails = true } = settings;
  const certificate = tls === 'none' ? undefined : await selfSignedCertificate();
  const behaviours = new SmtpBehaviours();
  const sockets = new Map<number, Socket>();
  const mails: ReceivedMail[] = [];
  const events = new EventEmitter().setMaxListeners(0);
  const recipients = new Map<string, string>();
  const seen = { accepted: 0, connections: 0 };

  /** Lets the client pass, with a reply to send where the behaviour gives one, or does what was asked for. */
  function meet(point: SmtpPoint, session: SMTPServerSession, pass: (reply?: SmtpReply) => void): void {
    const what = behaviours.take(point, recipients.get(session.id));
    if (what === undefined) pass();
    else if (what === 'hang') return;
    else if (what === 'drop') sockets.get(session.remotePort)?.destroy();
    else if ('delayMs' in what) setTimeout(pass, what.delayMs);
    else if ('after' in what) void what.after.then(() => pass());
    else pass(new SmtpReply(what.reply.replaceAll('{to}', recipients.get(session.id) ?? '')));
  }

  const options: SMTPServerOptions = {
    logger: false,
    disableReverseLookup: true,
    disabledCommands: [...(tls === 'none' ? ['STARTTLS'] : []), ...(auth ? [] : ['AUTH'])],
    hidePIPELINING: settings.pipelining === false,
    allowInsecureAuth: true,
    authOptional: !auth,
    secure: tls === 'implicit',
    ...certificate,
    onConnect: (session, callback) => meet('connect', session, callback),
    onAuth: (login, session, callback) =>
      meet('auth', session, (reply) => {
        if (reply) return callback(reply);
        const known = login.username === auth?.user && login.password === auth?.pass;
        callback(known ? null : new SmtpReply('535 5.7.8 Error: authentication failed'), {
          user: login.username,
        });
      }),
    onMailFrom: (_address, session, callback) => meet('sender', session, callback),
    onRcptTo: (address, session, callback) => {
      recipients.set(session.id, address.address);
      meet('recipient', session, callback);
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      if (keepMails) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      else stream.resume();
      stream.on('end', () => {
        meet('message', session, (reply) => {
          if (reply && reply.responseCode >= 400) return callback(reply);
          void keep(Buffer.concat(chunks), session).then(() => callback(null, reply?.message), callback);
        });
      });
    },
    onClose: (session) => void recipients.delete(session.id),
  };
  async function keep(raw: Buffer, session: SMTPServerSession): Promise<void> {
    const at = new Date();
    if (keepMails) {
      const { mailFrom, rcptTo } = session.envelope;
      const envelope = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) };
      const { secure, user } = session as { secure: boolean; user?: string };
      mails.push({ envelope, secure, user, raw: raw.toString('utf8'), parsed: await simpleParser(raw), at });
    }
    seen.accepted += 1;
    events.emit('accepted');
  }

  const server = new SMTPServer(options);
  // A client that vanishes is the client's business, and often the test's purpose.
  server.on('error', () => undefined);
  server.server.on('connection', (socket) => {
    const port = socket.remotePort ?? 0;
    seen.connections += 1;
    sockets.set(port, socket);
    socket.once('close', () => sockets.delete(port));
  });
  server.listen(settings.port ?? 0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  const login = auth ? `${encodeURIComponent(auth.user)}:${encodeURIComponent(auth.pass)}@` : '';

  return {
    port,
    url: `${tls === 'implicit' ? 'smtps' : 'smtp'}://${login}127.0.0.1:${port}`,
    certificate: certificate?.cert,
    mails,
    get accepted() {
      return seen.accepted;
    },
    get connections() {
      return { total: seen.connections, open: sockets.size };
    },
    behave: (...next) => ({ met: behaviours.replace(next) }),
    behaveToo: (...more) => ({ met: behaviours.add(more) }),
    async waitForMails(count, deadlineMs = 10_000) {
      const signal = AbortSignal.timeout(deadlineMs);
      while (seen.accepted < count) await once(events, 'accepted', { signal });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets.values()) socket.destroy();
      }),
  };
}
