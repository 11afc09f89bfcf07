/** How long a provider's trouble keeps first attempts away from it. */
const TROUBLE_MS = 60_000;
/** A send that takes longer than this holds a workflow-task slot too long: the provider counts as slow. */
const SLOW_MS = 3_000;
/** Lanes remembered; the oldest idle ones are forgotten past it. */
const MAX_LANES = 10_000;

interface Lane {
  underWay: number;
  troubledUntilMs: number;
}

/**
 * Admits first attempts to the workflow task. A hung server would hold the worker's workflow-task slots and delay
 * everybody, so attempts are capped per tenant and provider and in total, and a provider that was slow or failing lately
 * gets none: the regular activity takes those at once.
 */
export class FirstAttempts {
  private readonly lanes = new Map<string, Lane>();
  private total = 0;

  constructor(
    private readonly limits: { perProvider: number; total: number },
    private readonly now: () => number = Date.now,
  ) {}

  /** A place for one attempt, or undefined. The place must be left with {@link Place.leave}. */
  enter(tenantId: string, provider: string): Place | undefined {
    const key = `${tenantId}/${provider}`;
    const lane = this.lanes.get(key) ?? { underWay: 0, troubledUntilMs: 0 };
    const full = this.total >= this.limits.total || lane.underWay >= this.limits.perProvider;
    if (full || lane.troubledUntilMs > this.now()) return undefined;
    this.lanes.delete(key);
    this.lanes.set(key, lane);
    lane.underWay += 1;
    this.total += 1;
    const enteredMs = this.now();
    let left = false;
    return {
      leave: (providerAnswered) => {
        if (left) return;
        left = true;
        lane.underWay -= 1;
        this.total -= 1;
        if (!providerAnswered || this.now() - enteredMs > SLOW_MS)
          lane.troubledUntilMs = this.now() + TROUBLE_MS;
        this.forgetIdle();
      },
    };
  }

  private forgetIdle(): void {
    for (const [key, lane] of this.lanes) {
      if (this.lanes.size <= MAX_LANES) return;
      if (lane.underWay === 0 && lane.troubledUntilMs <= this.now()) this.lanes.delete(key);
    }
  }
}

export interface Place {
  /** `providerAnswered` is false when the provider could not be reached or used. */
  leave(providerAnswered: boolean): void;
}
