import { z } from 'zod';
import { cadences, type Cadence } from './cadences.js';
import { checkedDuration, duration } from './durations.js';
import type { PlannedDelivery } from './notification-run.js';
import { externalId } from './primitives.js';
import type { NotificationStatus } from './statuses.js';

/** The type of the notification in which a digest goes out. */
export const DIGEST_TYPE = 'digest';

const bounds = [1_000, 31 * 86_400_000, 'PT30M'] as const;
const period = duration(...bounds);

/** A trigger's `digestKey`: one digest of a person collects what bears it. */
export const digestKey = externalId.refine(
  (key) => !(cadences as readonly string[]).includes(key),
  'is the name of a cadence, whose digests collect by the person’s preference: choose another key',
);

/** A trigger's `digest`: how long what bears its `digestKey` is collected. */
export const digestWindow = z.strictObject({
  /** ISO 8601, from the first item on: `PT5M` by default. */
  period: checkedDuration(...bounds).default('PT5M'),
  /** Each item begins the period anew. */
  sliding: z.boolean().default(false),
  /** The longest that a sliding window stays open; six periods by default. */
  longest: checkedDuration(...bounds).optional(),
});
export type DigestWindow = z.infer<typeof digestWindow>;

/** The most that a window of a trigger stays open, in milliseconds. */
export interface DigestTimes {
  periodMs: number;
  /** Longest that a sliding one stays open; absent where it does not slide. */
  longestMs?: number;
}

const DEFAULT_PERIODS = 6;

/** A trigger's window in milliseconds. */
export function digestTimes(window: DigestWindow = digestWindow.parse({})): DigestTimes {
  const periodMs = period.parse(window.period);
  if (!window.sliding) return { periodMs };
  const longestMs = window.longest === undefined ? periodMs * DEFAULT_PERIODS : period.parse(window.longest);
  return { periodMs, longestMs: Math.max(longestMs, periodMs) };
}

export type CollectingCadence = Exclude<Cadence, 'immediate'>;

/** One digest of one person. */
export interface DigestPlace {
  tenantId: string;
  recipientId: string;
  digestKey: string;
}

/** What the `digest` workflow is told of a window: when it was opened, or its end was moved. */
export interface DigestNews {
  digestId: string;
  closesAtMs: number;
}

/** Argument of the `digest` workflow. */
export interface DigestInput extends DigestPlace {
  /** The window at hand, of a run that goes on as a new one. */
  window?: DigestNews;
  /** Windows after which it goes on as a new run. Default 100. */
  windowsPerRun?: number;
}

export interface DigestResult {
  /** Digests that it sent, or handed to runs of their own. */
  sent: number;
  /** Digests that had nothing to send any more. */
  empty: number;
}

export interface CloseDigestRequest extends DigestPlace {
  digestId: string;
  /** The workflow's clock. */
  nowMs: number;
  /** An operator asked to send it now: quiet hours are passed. */
  expedite: boolean;
}

/** What closing a window came to. */
export interface ClosedDigest {
  /** It does not close yet, but then: its end was moved. */
  closesAtMs?: number;
  /** Absent where nothing was left to send. */
  notification?: {
    notificationId: string;
    status: NotificationStatus;
    deliveries: PlannedDelivery[];
    /** It waits (for the end of quiet hours), so that a run of its own goes on with it. */
    waits: boolean;
  };
}

/** Where a digest's notification is. */
export interface HandOverRequest {
  tenantId: string;
  notificationId: string;
}

/** Which window is to be dropped, and who asked, for the timelines. */
export interface DropDigestRequest extends DigestPlace {
  digestId: string;
  nowMs: number;
  note?: string;
}

/** Argument of the `removeItem` signal. */
export interface RemoveItem {
  /** The notification's. */
  id: string;
  by?: string;
  reason?: string;
}

/** Which notification is to leave, and who asked, for its timeline. */
export interface RemoveItemRequest extends DigestPlace {
  notificationId: string;
  note?: string;
}

/** Asks for the window that collects, its end as the person's choices have it now. */
export interface MoveDigestRequest extends DigestPlace {
  nowMs: number;
}
