import { fileURLToPath } from 'node:url';
import { answersOk, bareEnvironment, type Launch } from './launch.js';

/** How to run maildev: an SMTP server that keeps what it gets and shows it on a page. */
export interface MailCatcherOptions {
  /** SMTP, on 127.0.0.1. */
  smtpPort: number;
  /** The page, on 127.0.0.1. */
  webPort: number;
  /** An existing folder that keeps the mail over restarts. */
  mailFolder: string;
  logPath: string;
}

/** The oldest mail goes when there are more: the page holds all of them in memory. */
const KEPT_MAILS = 5000;

/** A Node process of its own, so that parsing mail does not slow anything else. */
export function mailCatcher(options: MailCatcherOptions): Launch {
  const program = fileURLToPath(new URL('./bin/maildev.js', import.meta.resolve('maildev')));
  return {
    plan: {
      title: 'Mail catcher',
      command: process.execPath,
      args: [
        program,
        ...['--smtp', String(options.smtpPort), '--ip', '127.0.0.1'],
        ...['--web', String(options.webPort), '--web-ip', '127.0.0.1'],
        ...['--mail-directory', options.mailFolder, '--max-emails', String(KEPT_MAILS), '--silent'],
      ],
      env: bareEnvironment(),
      // maildev looks for configuration files from here upwards.
      cwd: options.mailFolder,
      logPath: options.logPath,
      stopWithinMs: 5000,
    },
    isReady: () => answersOk(`http://127.0.0.1:${options.webPort}/api/healthz`),
    readyWithinMs: 60_000,
  };
}
