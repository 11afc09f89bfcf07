import type { ErrorCode } from './shapes.js';

/** Where to, and what is said first. */
export interface ConnectionOptions {
  /** Of the API, without a slash at the end. */
  url: string;
  auth: { token: string; since?: string };
}

/** What comes of it. Nothing after `refused` or `closed`, and nothing once it was closed from here. */
export interface ConnectionEvents {
  heard: (event: string, value: object) => void;
  /** The server's word, if it has one. */
  refused: (refusal: { code?: ErrorCode; detail?: string; retryAfterMs?: number }) => void;
  /** @param byServer it wanted so, rather than that something broke. */
  closed: (byServer: boolean) => void;
}

export interface Connection {
  close: () => void;
}
