import { afterEach } from 'vitest';
import { smtpChannel } from '../../channels/email/smtp.js';
import { startSmtpServer, type SmtpServerSettings, type TestSmtpServer } from './smtp-server.js';
import { credentialsFor, email, sendContext } from './smtp-sending.js';

/** Servers and channels that end with the test that opened them. To be called once in a file. */
export function smtpSessions() {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  function channelWith(options?: Parameters<typeof smtpChannel>[0]) {
    const channel = smtpChannel(options);
    closing.push(() => channel.close());
    return channel;
  }

  async function serverWith(settings?: SmtpServerSettings): Promise<TestSmtpServer> {
    const server = await startSmtpServer(settings);
    closing.push(() => server.close());
    return server;
  }

  return { channelWith, serverWith };
}

/** One send to the server, with what differs from an ordinary one. */
export function sendTo(
  channel: ReturnType<typeof smtpChannel>,
  server: TestSmtpServer,
  changes: {
    message?: Parameters<typeof email>[0];
    context?: Parameters<typeof sendContext>[0];
    credentials?: Record<string, unknown>;
  } = {},
) {
  const credentials = credentialsFor(server.url, changes.credentials);
  return channel.send(email(changes.message), credentials, sendContext(changes.context));
}
