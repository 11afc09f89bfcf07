/**
 * Where in a session the test server steps in: before its greeting, at AUTH, MAIL FROM, RCPT TO, or with the whole
 * message read and the answer to its final dot due.
 */
export type SmtpPoint = 'connect' | 'auth' | 'sender' | 'recipient' | 'message';

/** What it does there in place of accepting. */
export interface SmtpBehaviour {
  at: SmtpPoint;
  do:
    | 'hang'
    /** Cuts the connection without an answer. */
    | 'drop'
    /**
     * Answers this, e.g. `550 5.1.1 <{to}> unknown`, where `{to}` becomes the recipient. A 421 ends the connection.
     * At `message` a `250 …` is accepted in these words.
     */
    | { reply: string }
    | { delayMs: number }
    /** Lets the client pass when this resolves. */
    | { after: Promise<void> };
  /** Only with recipients whose address this matches; for `recipient` and `message`. Default: with all. */
  to?: RegExp;
  /** Only this often, then it accepts again. Default: always. */
  times?: number;
}

/** The behaviours in force, and who waits for one of them to be met. */
export class SmtpBehaviours {
  private inForce: { behaviour: SmtpBehaviour; left: number; met: () => void }[] = [];

  /** Replaces all. The promise resolves when a client first meets one of them. */
  replace(behaviours: readonly SmtpBehaviour[]): Promise<void> {
    this.inForce = [];
    return this.add(behaviours);
  }

  /** The same beside those in force, which come first. */
  add(behaviours: readonly SmtpBehaviour[]): Promise<void> {
    return new Promise((met) => {
      for (const behaviour of behaviours)
        this.inForce.push({ behaviour, left: behaviour.times ?? Infinity, met });
    });
  }

  /** The behaviour for a client at this point, used up once. */
  take(point: SmtpPoint, recipient = ''): SmtpBehaviour['do'] | undefined {
    const entry = this.inForce.find(
      ({ behaviour: { at, to }, left }) => at === point && left > 0 && (to?.test(recipient) ?? true),
    );
    if (!entry) return undefined;
    entry.left -= 1;
    entry.met();
    return entry.behaviour.do;
  }
}

/** Codes that the server gives on its own need a number and a text apart. */
export class SmtpReply extends Error {
  readonly responseCode: number;

  constructor(reply: string) {
    super(reply.slice(4));
    this.responseCode = Number(reply.slice(0, 3));
  }
}
