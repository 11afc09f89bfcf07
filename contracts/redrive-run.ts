import type { RedriveCounts } from './redrives.js';

interface Place {
  tenantId: string;
  redriveId: string;
}

/** What the `redrive` workflow is started with. Which deliveries are meant is in MongoDB. */
export interface RedriveInput extends Place {
  /** Deliveries started in a second, at most. */
  perSecond: number;
  /** Pages of one run; then it continues as new. Default 400: about 9 events a page, far from the server's limit. */
  pagesPerRun?: number;
  /** Carried over when its run continues as new. */
  counts?: RedriveCounts;
}

export interface RedriveResult {
  status: 'completed' | 'cancelled' | 'failed';
  counts: RedriveCounts;
}

/** Input of `beginRedrive`: marks the deliveries that match. */
export type BeginRedriveRequest = Place;

/** Input of `redrivePage`: starts the next ones. */
export type RedrivePageRequest = Place & { perSecond: number; limit: number };

export interface RedrivePage {
  /** Started on this page. */
  started: number;
  counts: RedriveCounts;
  /** None is left to start. */
  done: boolean;
  /** So many are under way that none was started: go on after this. */
  waitMs?: number;
  /** It was purged, or the tenant is gone. */
  gone?: true;
}

/** Input of `endRedrive`: what was not started is not, from then on. */
export type EndRedriveRequest = Place & { status: RedriveResult['status'] };
