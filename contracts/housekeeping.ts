/** What the `housekeeping` workflow is started with; absent when typed by hand, which means `minute`. */
export interface HousekeepingInput {
  what: 'minute' | 'day';
}

/** What a minute's housekeeping did. */
export interface RollUpOutcome {
  /** Tenants that were looked at. */
  tenants: number;
  /** Quarters of an hour that were counted anew. */
  counted: number;
  /** Tenants that the next minute goes on with. */
  behind: number;
}

/** What a day's housekeeping removed: rows by collection. */
export interface PurgeOutcome {
  removed: Record<string, number>;
}

export type HousekeepingResult = RollUpOutcome | PurgeOutcome;
