import type { ConsoleApi } from './api.js';
import type { Question } from './confirm.js';
import type { Session } from './session.js';

/** What a page is given of the console around it. */
export interface ConsoleContext {
  readonly api: ConsoleApi;
  readonly session: Session;
  /** Goes to an address that `href` made. */
  go(address: string, options?: { replace?: boolean }): void;
  /** Tells the reader what was done. */
  say(text: string): void;
  /** Tells the reader why something was not done, and what to do. */
  fail(error: unknown): void;
  /** Asks before something that cannot be taken back; false where the reader thinks better of it. */
  confirm(question: Question): Promise<boolean>;
}
