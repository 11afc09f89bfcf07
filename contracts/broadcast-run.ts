import type { NotificationStatus } from './statuses.js';

/** How far a broadcast is; carried over when its run continues as new. */
export interface BroadcastProgress {
  /** When it began to send, by which its audience is fixed: who is added later is not in it. */
  startedAtMs: number;
  /** As counted at the start. */
  total: number;
  processed: number;
  /** Those that are not at their end yet. */
  lanes: Lane[];
  pages: number;
  /** How the recipients stood when their page was done; for operators. */
  tally: Tally;
}

/** A range of the audience, in byte order of the IDs, whose pages are sent one after the other. */
export interface Lane {
  /** Recipients ahead of it, and in it, as counted at the start. */
  before: number;
  size: number;
  processed: number;
  /** The last recipient that was dealt with; before the first the last one ahead of the lane, or absent. */
  afterId?: string;
  /** Its last recipient; absent where it goes on to the end of the audience. */
  untilId?: string;
}

export type Tally = Partial<Record<NotificationStatus, number>>;

/** What the `broadcast` workflow is started with. Everything that it says is in MongoDB. */
export interface BroadcastInput {
  tenantId: string;
  broadcastId: string;
  type: string;
  /** 1 is dispatched first, 5 last. */
  priorityKey: number;
  sendAtMs?: number;
  spreadOverMs?: number;
  /** Recipients of a page. */
  pageSize: number;
  /** Ranges of the audience that are worked through side by side. */
  lanes: number;
  /** Pages of one run; then it continues as new. Default 500: about 6 events a page, far from the server's limit. */
  pagesPerRun?: number;
  progress?: BroadcastProgress;
}

export interface BroadcastResult {
  status: 'completed' | 'cancelled' | 'failed';
  processed: number;
}

interface Place {
  tenantId: string;
  broadcastId: string;
}

/** Input of `beginBroadcast`: fixes the audience and counts it. */
export type BeginRequest = Place & { nowMs: number; lanes: number; pageSize: number };
export interface BeginOutcome {
  startedAtMs: number;
  total: number;
  /** At least one; few people are not divided. Empty when it is gone. */
  lanes: Lane[];
  /** It was purged, or the tenant is gone. */
  gone?: true;
}

/** Input of `sendPage`. */
export interface PageRequest extends Place {
  startedAtMs: number;
  afterId?: string;
  untilId?: string;
  limit: number;
  /** Dealt with before this page, in all lanes. */
  processed: number;
  /** Lanes that are being worked through, this one included. */
  lanes: number;
}

export interface PageOutcome {
  afterId?: string;
  /** Dealt with on this page; fewer than asked for when the page was stopped, or a send limit was reached. */
  processed: number;
  tally: Tally;
  /** Nobody comes after this page, in its lane. */
  done: boolean;
  /** A send limit was reached: go on after this. */
  waitMs?: number;
}

/** Input of `markBroadcast`. */
export type MarkRequest = Place & {
  status: 'scheduled' | 'running' | 'paused' | 'completed' | 'cancelled' | 'failed';
  processed?: number;
};

/** Input of `cancelWaiting`: tells those of its notifications that still wait to stop; `lanes` did not come to their end. */
export type CancelWaitingRequest = Place &
  Pick<BroadcastProgress, 'startedAtMs' | 'lanes'> & { pageSize: number; note?: string };
