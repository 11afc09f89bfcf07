import { Schema, type Connection, type Model } from 'mongoose';
import { CarillonError } from '../contracts/errors.js';
import { channelNames } from '../contracts/channels.js';
import { dayNames } from '../contracts/quiet-hours.js';
import { limitedChannel } from '../contracts/send-limits.js';
import type { Tenant, TenantPatch } from '../contracts/tenants.js';
import { isDuplicateKey } from './row-id.js';
import { rowsOf } from './rows.js';

type TenantRow = Omit<Tenant, 'id' | 'createdAt'> & { _id: string; createdAt: Date; updatedAt: Date };

export const quietHoursSchema = new Schema(
  {
    timezone: String,
    windows: [{ _id: false, days: [{ type: String, enum: dayNames }], start: String, end: String }],
  },
  { _id: false },
);

const schema = new Schema<TenantRow>(
  {
    _id: String,
    name: { type: String, required: true },
    timezone: { type: String, required: true },
    locale: { type: String, required: true },
    channelDefaults: Object.fromEntries(channelNames.map((name) => [name, Boolean])),
    quietHours: { type: quietHoursSchema, default: null },
    disabledTypes: [String],
    retention: { readDays: Number, unreadDays: Number, deliveryDays: Number },
    limits: { sendsPerSecond: Object.fromEntries(limitedChannel.options.map((name) => [name, Number])) },
    createdAt: Date,
    updatedAt: Date,
  },
  { collection: 'tenants', versionKey: false, minimize: false },
);

/** Tenants and their settings. */
export class Tenants {
  private readonly model: Model<TenantRow>;

  constructor(connection: Connection) {
    this.model = connection.model<TenantRow>('Tenant', schema);
  }

  /** @throws CarillonError `conflict` when the ID is taken. */
  async create(tenant: { id: string; name: string; timezone: string; locale: string }): Promise<Tenant> {
    const now = new Date();
    const row: TenantRow = {
      _id: tenant.id,
      name: tenant.name,
      timezone: tenant.timezone,
      locale: tenant.locale,
      channelDefaults: {},
      quietHours: null,
      disabledTypes: [],
      retention: { readDays: 30, unreadDays: 365, deliveryDays: 90 },
      limits: { sendsPerSecond: {} },
      createdAt: now,
      updatedAt: now,
    };
    try {
      await this.model.create(row);
    } catch (error) {
      if (isDuplicateKey(error)) throw new CarillonError('conflict', `tenant "${tenant.id}" exists already`);
      throw error;
    }
    return show(row);
  }

  async find(tenantId: string): Promise<Tenant | undefined> {
    const row = await rowsOf(this.model).findOne({ _id: tenantId });
    return row ? show(row) : undefined;
  }

  /** Changes what the patch names; `undefined` when there is no such tenant. */
  async patch(tenantId: string, patch: TenantPatch): Promise<Tenant | undefined> {
    const { retention = {}, limits = {}, ...whole } = patch;
    const changes: [string, unknown][] = [
      ...Object.entries(whole),
      ...Object.entries(retention).map(([name, value]): [string, unknown] => [`retention.${name}`, value]),
    ];
    const named = Object.fromEntries(changes.filter(([, value]) => value !== undefined));
    const { set, unset } = limitChanges(limits.sendsPerSecond);
    const row = await this.model
      .findByIdAndUpdate(
        tenantId,
        { $set: { ...named, ...set, updatedAt: new Date() }, $unset: unset },
        { returnDocument: 'after' },
      )
      .lean<TenantRow>()
      .exec();
    return row ? show(row) : undefined;
  }

  /** All tenants in the order of their IDs, after `afterId`; for platform operators. */
  async list(limit: number, afterId: string | undefined): Promise<Tenant[]> {
    const rows = await this.model
      .find(afterId === undefined ? {} : { _id: { $gt: afterId } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<TenantRow[]>()
      .exec();
    return rows.map(show);
  }
}

/** What a `null` names is removed, so that the channel has no limit. */
function limitChanges(rates: NonNullable<TenantPatch['limits']>['sendsPerSecond'] = {}) {
  const named = Object.entries(rates).map(([name, rate]) => [`limits.sendsPerSecond.${name}`, rate] as const);
  return {
    set: Object.fromEntries(named.filter(([, rate]) => rate !== null)),
    unset: Object.fromEntries(named.filter(([, rate]) => rate === null).map(([path]) => [path, 1 as const])),
  };
}

function show(row: TenantRow): Tenant {
  return {
    id: row._id,
    name: row.name,
    timezone: row.timezone,
    locale: row.locale,
    channelDefaults: row.channelDefaults ?? {},
    quietHours: row.quietHours ?? null,
    disabledTypes: row.disabledTypes ?? [],
    retention: row.retention,
    limits: { sendsPerSecond: row.limits?.sendsPerSecond ?? {} },
    createdAt: row.createdAt.toISOString(),
  };
}
