/** What the SMTP sink tells over HTTP. */
export interface SinkCounts {
  accepted: number;
  /** Recipients that it leaves without an answer now. */
  hanging: number;
  connections: number;
  /** Of {@link countedDomain}: addresses that got a mail, and mails beyond the first to one of them. */
  distinct: number;
  doubled: number;
}

/** Mail to each address of this domain is counted apart. */
export const countedDomain = 'count.example';

/** Mail to this domain is left without an answer at RCPT TO. */
export const hangingDomain = 'hang.example';
/** Mail to this domain is refused for now (451) the first time each address is written to. */
export const refusingDomain = 'once.example';
