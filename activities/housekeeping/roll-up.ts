import { Context } from '@temporalio/activity';
import type { RollUpOutcome } from '../../contracts/housekeeping.js';
import type { RollupMark } from '../../models/rollup-marks.js';
import { dayOf } from '../../models/rollup-slots.js';
import { deliveryId } from '../../contracts/ids.js';
import type { ActivityDependencies } from '../dependencies.js';
import { inParallel } from '../in-parallel.js';
import { learn } from './learn.js';

/** What is not done after this long the next minute goes on with: a workflow task waits for it. */
const BUDGET_MS = 6_000;
/**
 * Looked at again, however much was noticed: a change carries the time at which its process began to write it, and
 * processes' clocks differ.
 */
const OVERLAP_MS = 60_000;
/** Changes are looked for by this much time at once, so that a backlog is worked off in portions. */
const WINDOW_MS = 6 * 3_600_000;
/** A provider may tell of an open this late, and habits are still learned from it. */
const LATE_MS = 15 * 60_000;
const TENANTS_AT_ONCE = 4;
const TENANTS_PAGE = 1_000;
const SLOTS_AT_ONCE = 32;
const READS_AT_ONCE = 500;

type Dependencies = Pick<ActivityDependencies, 'models' | 'log'>;
type Stop = () => boolean;

/**
 * Brings the roll-ups up to date: notices what changed of each tenant's deliveries since the last time, and counts the
 * quarters of an hour that it touches. Harmless when repeated, in whatever order. The tenant that waited longest comes
 * first.
 */
export function createRollUp(deps: Dependencies) {
  return async function rollUp(): Promise<RollUpOutcome> {
    const { cancellationSignal } = Context.current();
    return rollUpAll(deps, Date.now() + BUDGET_MS, () => cancellationSignal.aborted);
  };
}

/** What `rollUp` does until `untilMs`, or until it is told to stop. */
export async function rollUpAll(
  deps: Dependencies,
  untilMs = Infinity,
  isStopped: Stop = () => false,
): Promise<RollUpOutcome> {
  const isOver = () => Date.now() >= untilMs || isStopped();
  const outcome: RollUpOutcome = { tenants: 0, counted: 0, behind: 0 };
  await inParallel(await tenantsInTurn(deps), TENANTS_AT_ONCE, async ({ tenantId, mark }) => {
    if (isOver()) {
      outcome.behind += 1;
      return;
    }
    const { counted, isBehind } = await rollUpTenant(deps, tenantId, mark, isOver);
    outcome.tenants += 1;
    outcome.counted += counted;
    if (isBehind) outcome.behind += 1;
  });
  return outcome;
}

async function tenantsInTurn({ models }: Dependencies) {
  const turns: { tenantId: string; mark: RollupMark | undefined }[] = [];
  for (let afterId: string | undefined; ;) {
    const ids = await models.tenants.idsAfter(afterId, TENANTS_PAGE);
    const marks = await models.rollupMarks.findMany(ids);
    turns.push(...ids.map((tenantId) => ({ tenantId, mark: marks.get(tenantId) })));
    afterId = ids.at(-1);
    if (ids.length < TENANTS_PAGE) break;
  }
  const since = ({ mark }: (typeof turns)[number]) => mark?.noticedUpTo?.getTime() ?? 0;
  return turns.sort((one, other) => since(one) - since(other));
}

async function rollUpTenant(
  deps: Dependencies,
  tenantId: string,
  mark: RollupMark | undefined,
  isOver: Stop,
): Promise<{ counted: number; isBehind: boolean }> {
  const { rollups, rollupMarks } = deps.models;
  const began = new Date();
  await noticeReads(deps, tenantId, before(mark?.readUpTo), isOver);
  const noticed = await noticeChanges(deps, tenantId, before(mark?.noticedUpTo), isOver);
  let counted = 0;
  for (let isDone = false; !isDone && !isOver();) {
    const stale = await rollups.stale(tenantId, SLOTS_AT_ONCE, new Date());
    for (const slots of byDay(stale)) {
      if (isOver()) break;
      await rollups.recount(tenantId, slots);
      counted += slots.length;
    }
    isDone = stale.length < SLOTS_AT_ONCE;
  }
  const isBehind = !noticed || (await rollups.staleSince(tenantId)) !== undefined;
  if (!isBehind) await rollupMarks.advance(tenantId, { countedUpTo: began });
  return { counted, isBehind };
}

/** What was read in the inbox is opened in the log; the log's change is noticed as any other. */
async function noticeReads(
  { models }: Dependencies,
  tenantId: string,
  from: Date,
  isOver: Stop,
): Promise<void> {
  const began = new Date();
  for await (const reads of models.inboxReads.since(tenantId, from, READS_AT_ONCE)) {
    await models.deliveryChanges.markRead(
      tenantId,
      reads.map(({ id, readAt }) => ({ deliveryId: deliveryId(id, 'in_app'), at: readAt })),
    );
    const last = reads.at(-1);
    if (last) await models.rollupMarks.advance(tenantId, { readUpTo: last.readAt });
    if (isOver()) return;
  }
  await models.rollupMarks.advance(tenantId, { readUpTo: began });
}

/** True when all of it was noticed. */
async function noticeChanges(
  deps: Dependencies,
  tenantId: string,
  from: Date,
  isOver: Stop,
): Promise<boolean> {
  const { deliveryChanges, rollups, rollupMarks } = deps.models;
  const began = new Date();
  const end = new Date(began.getTime() + OVERLAP_MS);
  const heardSince = new Date(from.getTime() - LATE_MS);
  for (let next = from; !isOver();) {
    const first = await deliveryChanges.firstFrom(tenantId, next);
    if (!first || first >= end) {
      await rollupMarks.advance(tenantId, { noticedUpTo: began });
      return true;
    }
    const to = new Date(Math.min(first.getTime() + WINDOW_MS, end.getTime()));
    await rollups.markStale(tenantId, await deliveryChanges.slotsBetween(tenantId, first, to), began);
    const answered = await deliveryChanges.answeredBetween(tenantId, first, to, heardSince);
    await learn(deps, tenantId, answered, heardSince);
    if (to < end) await rollupMarks.advance(tenantId, { noticedUpTo: to });
    next = to;
  }
  return false;
}

function byDay(slots: readonly number[]): number[][] {
  const days = new Map<number, number[]>();
  for (const slotMs of slots) days.set(dayOf(slotMs), [...(days.get(dayOf(slotMs)) ?? []), slotMs]);
  return [...days.values()];
}

function before(mark: Date | undefined): Date {
  return mark === undefined ? new Date(0) : new Date(mark.getTime() - OVERLAP_MS);
}
