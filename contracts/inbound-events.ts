import type { ErrorCode, ErrorItem } from './errors.js';

/** How an event came. */
export const eventWays = ['kafka', 'http', 'replay'] as const;
export type EventWay = (typeof eventWays)[number];

export const eventStatuses = [
  /** All that its rules asked for was done. */
  'accepted',
  /** Some of it was refused. */
  'partial',
  /** The event was, or all that its rules asked for. */
  'refused',
  /** No rule is for it. */
  'unmatched',
] as const;
export type EventStatus = (typeof eventStatuses)[number];

/** Why an event as such is not taken; the first seven before anybody knows whose it is, or could show it. */
export const refusals = [
  'not_json',
  'not_an_object',
  'too_large',
  'too_deep',
  'no_tenant',
  'unknown_tenant',
  'another_tenant',
  'from_the_future',
] as const;
export type Refusal = (typeof refusals)[number];

export const stepStatuses = [
  /** Temporal has taken it. */
  'accepted',
  /** It was, before. */
  'duplicate',
  'done',
  /** There was nothing to do: nothing under the key, say. */
  'nothing',
  'refused',
] as const;
export type StepStatus = (typeof stepStatuses)[number];

/** What one step of a rule came to. */
export interface StepOutcome {
  /** The rule's ID. */
  rule: string;
  do: string;
  status: StepStatus;
  notificationId?: string;
  broadcastId?: string;
  /** How many were cancelled or withdrawn. */
  count?: number;
  error?: { code: ErrorCode; detail: string; errors?: ErrorItem[] };
}

/** Longest event, in bytes. */
export const MAX_EVENT_BYTES = 1024 * 1024;

/** An event, whichever way it came. */
export interface InboundEvent {
  tenantId: string;
  /** `evt_…`: the same for the same event of the same source. */
  id: string;
  via: EventWay;
  /** An event source's name, or a Kafka topic's. */
  source: string;
  body: Record<string, unknown>;
  /** In lower case; without credentials and signatures. */
  headers: Record<string, string>;
  /** Kafka's. */
  key?: string;
  /** When it happened, as far as anybody says; else when it came. */
  at: Date;
  receivedAt: Date;
  position?: { topic: string; partition: number; offset: string };
  /** The event that it repeats because somebody asked for it. */
  replayOf?: string;
}
