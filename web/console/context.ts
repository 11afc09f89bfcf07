import type { ConsoleApi } from './calls/api.js';
import type { Reader } from './parts/perform.js';
import type { Session } from './shell/session.js';

/** What a page is given of the console around it. */
export interface ConsoleContext extends Reader {
  readonly api: ConsoleApi;
  readonly session: Session;
  /** Goes to an address that `href` made. */
  go(address: string, options?: { replace?: boolean }): void;
}
