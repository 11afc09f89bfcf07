/** A reminder as far as its times go. */
export interface Reminding {
  dueAtMs: number;
  /** Milliseconds before the due date, each once. */
  offsets: readonly number[];
  /** When it was made, or its date was set last. */
  setAtMs: number;
  /** What was sent, for this date or an earlier one. */
  sent: readonly { offsetMs: number; dueAtMs: number }[];
}

export interface ReminderStep {
  /** To be sent now. */
  offsetMs?: number;
  /** The next after now; absent when none is left. */
  next?: { offsetMs: number; atMs: number };
}

/**
 * What is to be sent at an instant. Where several are due together, because it was made late or nothing ran for a
 * while, only the one nearest to the date is sent: the others would say the same. One that was past already when the
 * date was set is not sent again if it, or a nearer one, was sent for an earlier date.
 */
export function reminderStep(reminder: Reminding, nowMs: number): ReminderStep {
  const { dueAtMs, offsets, setAtMs, sent } = reminder;
  const times = offsets
    .map((offsetMs) => ({ offsetMs, atMs: dueAtMs - offsetMs }))
    .sort((one, other) => one.atMs - other.atMs);
  const due = times.findLast(({ atMs }) => atMs <= nowMs);
  const next = times.find(({ atMs }) => atMs > nowMs);
  return { ...(due && isOpen(due) ? { offsetMs: due.offsetMs } : {}), ...(next ? { next } : {}) };

  function isOpen({ offsetMs, atMs }: { offsetMs: number; atMs: number }): boolean {
    const counts = atMs <= setAtMs ? sent : sent.filter((one) => one.dueAtMs === dueAtMs);
    return !counts.some((one) => one.offsetMs <= offsetMs);
  }
}
