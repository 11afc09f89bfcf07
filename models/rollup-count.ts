import type { ChannelName } from '../contracts/channels.js';
import type { FailureReason } from '../contracts/errors.js';
import { failedDeliveryStatuses } from '../contracts/redelivery.js';
import type { DeliveryStatus } from '../contracts/statuses.js';
import type { DeliveryRow } from './delivery-schema.js';
import { latencyBinOf } from './latency-bins.js';
import { keyText, Sum, type RollupKey } from './rollup-figures.js';
import type { Cell } from './rollup-schema.js';
import { SLOT_MS, slotOf } from './rollup-slots.js';
import type { Rows } from './rows.js';

/** Statuses in which a provider, or the inbox, has taken it. */
export const sentDeliveryStatuses: readonly DeliveryStatus[] = ['sent', 'delivered'];

/** Cells of roles in one slot, at most: roles beyond the busiest are counted together. */
export const MAX_ROLE_CELLS = 2_000;
/** The role under which the rest of them are counted. */
export const OTHER_ROLES = '(other)';

export interface CountedSlot {
  cells: Cell[];
  deliveries: number;
  /** The earliest at which one of the deliveries may be purged. */
  purgeFrom?: Date;
}

interface Group {
  _id: {
    slot: number;
    channel: ChannelName;
    type: string;
    template: string;
    roles: string[];
    outcome: 'sent' | 'failed' | 'other';
    bin?: number;
    opened?: boolean;
    clicked?: boolean;
    reason?: FailureReason;
    provider?: string;
  };
  count: number;
  latencyMs: number;
  purgeFrom: Date;
}

const outcome = {
  $switch: {
    branches: [
      { case: { $in: ['$status', [...sentDeliveryStatuses]] }, then: 'sent' },
      { case: { $in: ['$status', [...failedDeliveryStatuses]] }, then: 'failed' },
    ],
    default: 'other',
  },
};
/** From the trigger, or the end of a wait that was asked for, until it was sent. */
const latencyMs = {
  $max: [0, { $subtract: [{ $ifNull: ['$sentAt', '$createdAt'] }, { $ifNull: ['$dueAt', '$createdAt'] }] }],
};
const has = (...fields: string[]) => ({
  $or: fields.map((field) => ({ $gt: [`$${field}`, null] })),
});

/**
 * Counts the deliveries that were triggered from `fromMs` to before `toMs`, by slot: what the roll-ups are made of, and
 * what they are held against.
 */
export async function countDeliveries(
  rows: Rows<DeliveryRow>,
  tenantId: string,
  fromMs: number,
  toMs: number,
): Promise<Map<number, CountedSlot>> {
  const groups = await rows
    .aggregate<Group>(
      [
        { $match: { tenantId, createdAt: { $gte: new Date(fromMs), $lt: new Date(toMs) } } },
        {
          $project: {
            channel: 1,
            type: 1,
            template: 1,
            roles: 1,
            provider: 1,
            purgeAt: 1,
            failureReason: 1,
            outcome,
            slot: { $floor: { $divide: [{ $toLong: '$createdAt' }, SLOT_MS] } },
            latencyMs: { $cond: [{ $in: ['$status', [...sentDeliveryStatuses]] }, latencyMs, 0] },
            opened: has('openedAt', 'clickedAt', 'repliedAt'),
            clicked: has('clickedAt'),
          },
        },
        {
          $group: {
            _id: {
              slot: '$slot',
              channel: '$channel',
              type: '$type',
              template: { $ifNull: ['$template', ''] },
              roles: { $ifNull: ['$roles', []] },
              outcome: '$outcome',
              bin: { $cond: [{ $eq: ['$outcome', 'sent'] }, latencyBinOf('$latencyMs'), '$$REMOVE'] },
              opened: '$opened',
              clicked: '$clicked',
              reason: { $cond: [{ $eq: ['$outcome', 'failed'] }, '$failureReason', '$$REMOVE'] },
              provider: { $cond: [{ $eq: ['$outcome', 'failed'] }, '$provider', '$$REMOVE'] },
            },
            count: { $sum: 1 },
            latencyMs: { $sum: '$latencyMs' },
            purgeFrom: { $min: '$purgeAt' },
          },
        },
      ],
      { hint: { tenantId: 1, createdAt: -1, _id: -1 }, allowDiskUse: true },
    )
    .toArray();
  return slotsOf(groups);
}

function slotsOf(groups: readonly Group[]): Map<number, CountedSlot> {
  const slots = new Map<number, Folding>();
  for (const group of groups) {
    const slotMs = slotOf(group._id.slot * SLOT_MS);
    const slot = slots.get(slotMs) ?? new Folding();
    slots.set(slotMs, slot);
    slot.take(group);
  }
  return new Map([...slots].map(([slotMs, slot]) => [slotMs, slot.counted()]));
}

/** One slot, as its groups come in. */
class Folding {
  private readonly sums = new Map<string, { key: RollupKey; sum: Sum }>();
  private deliveries = 0;
  private purgeFrom: Date | undefined;

  take(group: Group): void {
    const { channel, type, template, roles } = group._id;
    this.deliveries += group.count;
    if (this.purgeFrom === undefined || group.purgeFrom < this.purgeFrom) this.purgeFrom = group.purgeFrom;
    if (group._id.outcome === 'other') return;
    for (const role of ['', ...new Set(roles)])
      addGroup(this.sumOf({ channel, type, template, role }), group);
  }

  counted(): CountedSlot {
    const all = [...this.sums.values()];
    const everybody = all.filter(({ key }) => key.role === '');
    const cells = [...everybody, ...bounded(all.filter(({ key }) => key.role !== ''))].map(
      ({ key, sum }): Cell => ({ ...key, ...sum.toFigures() }),
    );
    cells.sort((one, other) => (keyText(one) < keyText(other) ? -1 : 1));
    return {
      cells,
      deliveries: this.deliveries,
      ...(this.purgeFrom === undefined ? {} : { purgeFrom: this.purgeFrom }),
    };
  }

  private sumOf(key: RollupKey): Sum {
    const text = keyText(key);
    const known = this.sums.get(text) ?? { key, sum: new Sum() };
    this.sums.set(text, known);
    return known.sum;
  }
}

function addGroup(sum: Sum, { _id, count, latencyMs: ms }: Group): void {
  if (_id.outcome === 'failed') {
    sum.failed += count;
    sum.addFailures(_id.reason ?? 'unknown_error', _id.provider ?? 'none', count);
    return;
  }
  sum.sent += count;
  sum.latencyMs += ms;
  sum.addLatency(_id.bin ?? 0, count);
  if (_id.opened) sum.opened += count;
  if (_id.clicked) sum.clicked += count;
}

/** The cells of the busiest roles as they are, the others' together. */
function bounded(cells: { key: RollupKey; sum: Sum }[]): { key: RollupKey; sum: Sum }[] {
  if (cells.length <= MAX_ROLE_CELLS) return cells;
  const busy = ({ sum }: { sum: Sum }) => sum.sent + sum.failed;
  const sorted = [...cells].sort(
    (one, other) => busy(other) - busy(one) || (keyText(one.key) < keyText(other.key) ? -1 : 1),
  );
  const rest = new Map<string, { key: RollupKey; sum: Sum }>();
  for (const { key, sum } of sorted.slice(MAX_ROLE_CELLS)) {
    const together = { ...key, role: OTHER_ROLES };
    const known = rest.get(keyText(together)) ?? { key: together, sum: new Sum() };
    known.sum.add(sum.toFigures());
    rest.set(keyText(together), known);
  }
  return [...sorted.slice(0, MAX_ROLE_CELLS), ...rest.values()];
}
