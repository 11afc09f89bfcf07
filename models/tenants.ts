import { Schema, type ClientSession, type Connection, type Model } from 'mongoose';
import { defaultAlerts } from '../contracts/alerts.js';
import { CarillonError } from '../contracts/errors.js';
import { dayNames } from '../contracts/quiet-hours.js';
import type { Tenant, TenantPatch } from '../contracts/tenants.js';
import { byChannel } from './channel-fields.js';
import { isDuplicateKey } from './row-id.js';
import { rowsOf } from './rows.js';

type TenantRow = Omit<Tenant, 'id' | 'createdAt'> & { _id: string; createdAt: Date; updatedAt: Date };

const defaultRetention: Tenant['retention'] = {
  readDays: 30,
  unreadDays: 365,
  deliveryDays: 90,
  auditDays: 730,
};

const noTracking: Tenant['tracking'] = { opens: false, clicks: false };

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
    region: { type: String, default: null },
    channelDefaults: byChannel(Boolean),
    quietHours: { type: quietHoursSchema, default: null },
    disabledTypes: [String],
    retention: { readDays: Number, unreadDays: Number, deliveryDays: Number, auditDays: Number },
    sender: { name: String, address: String, replyTo: String },
    branding: { name: String, logoUrl: String, primaryColor: String, footer: String },
    appUrl: String,
    limits: {
      sendsPerSecond: byChannel(Number),
      requestsPerSecond: Number,
    },
    useDeployment: byChannel(Boolean),
    retries: byChannel(new Schema({ retries: Number, initial: String, backoff: Number }, { _id: false })),
    alerts: {
      deliveryFailing: { type: { _id: false, threshold: Number, windowMinutes: Number }, required: false },
      roles: { type: [String], default: undefined },
      recipients: { type: [String], default: undefined },
    },
    tracking: { opens: Boolean, clicks: Boolean },
    credentialsVersion: Number,
    typesVersion: Number,
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
  async create(
    tenant: Pick<Tenant, 'id' | 'name' | 'timezone' | 'locale'> & Partial<Pick<Tenant, 'region'>>,
  ): Promise<Tenant> {
    const now = new Date();
    const row: TenantRow = {
      _id: tenant.id,
      name: tenant.name,
      timezone: tenant.timezone,
      locale: tenant.locale,
      region: tenant.region ?? null,
      channelDefaults: {},
      quietHours: null,
      disabledTypes: [],
      retention: defaultRetention,
      sender: {},
      branding: {},
      appUrl: null,
      limits: { sendsPerSecond: {} },
      useDeployment: {},
      retries: {},
      alerts: defaultAlerts,
      tracking: noTracking,
      credentialsVersion: 0,
      typesVersion: 0,
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
    const { retention, limits, sender, branding, useDeployment, retries = {}, ...rest } = patch;
    const { alerts = {}, tracking, ...whole } = rest;
    const changes: [string, unknown][] = [
      ...Object.entries(whole),
      // Here null is a value: no such alerts.
      ...Object.entries(alerts).map(([name, value]): [string, unknown] => [`alerts.${name}`, value]),
    ];
    const named = Object.fromEntries(changes.filter(([, value]) => value !== undefined));
    const within = [
      entryChanges('retention', retention),
      entryChanges('limits.sendsPerSecond', limits?.sendsPerSecond),
      entryChanges('limits', { requestsPerSecond: limits?.requestsPerSecond }),
      entryChanges('sender', sender),
      entryChanges('branding', branding),
      entryChanges('useDeployment', useDeployment),
      entryChanges('tracking', tracking),
      ...Object.entries(retries).map(([channel, fields]) =>
        fields === null
          ? entryChanges('retries', { [channel]: null })
          : entryChanges(`retries.${channel}`, fields),
      ),
    ];
    const row = await this.model
      .findByIdAndUpdate(
        tenantId,
        {
          $set: Object.assign({ ...named, updatedAt: new Date() }, ...within.map(({ set }) => set)) as object,
          $unset: Object.assign({}, ...within.map(({ unset }) => unset)) as object,
          ...(useDeployment === undefined ? {} : { $inc: { credentialsVersion: 1 } }),
        },
        { returnDocument: 'after' },
      )
      .lean<TenantRow>()
      .exec();
    return row ? show(row) : undefined;
  }

  /** Counts a change of the tenant's credentials, within the transaction that makes it. False without such a tenant. */
  async countCredentialsChange(tenantId: string, session: ClientSession): Promise<boolean> {
    const done = await this.model
      .updateOne({ _id: tenantId }, { $inc: { credentialsVersion: 1 } }, { session })
      .exec();
    return done.matchedCount === 1;
  }

  /** How the tenant sends, and the count of its changes; undefined without such a tenant. */
  async sendingSettings(
    tenantId: string,
  ): Promise<Pick<Tenant, 'useDeployment' | 'credentialsVersion'> | undefined> {
    const row = await rowsOf(this.model).findOne(
      { _id: tenantId },
      { projection: { useDeployment: 1, credentialsVersion: 1 } },
    );
    return row
      ? { useDeployment: row.useDeployment ?? {}, credentialsVersion: row.credentialsVersion ?? 0 }
      : undefined;
  }

  /** Counts the changes of its types and templates; undefined without such a tenant. */
  async typesVersion(tenantId: string): Promise<number | undefined> {
    const row = await rowsOf(this.model).findOne({ _id: tenantId }, { projection: { typesVersion: 1 } });
    return row ? (row.typesVersion ?? 0) : undefined;
  }

  /** Counts a change of types or templates: the tenant's, or without one every tenant's. */
  async countTypesChange(tenantId?: string): Promise<void> {
    const of = tenantId === undefined ? {} : { _id: tenantId };
    await rowsOf(this.model).updateMany(of, { $inc: { typesVersion: 1 } });
  }

  /** Days that its audit trail is kept; the default where there is no such tenant. */
  async auditDays(tenantId: string): Promise<number> {
    const row = await rowsOf(this.model).findOne({ _id: tenantId }, { projection: { retention: 1 } });
    return row?.retention.auditDays ?? defaultRetention.auditDays;
  }

  /** IDs of tenants after one, in their order. */
  async idsAfter(afterId: string | undefined, limit: number): Promise<string[]> {
    const rows = await rowsOf(this.model)
      .find(afterId === undefined ? {} : { _id: { $gt: afterId } }, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return rows.map(({ _id }) => _id);
  }

  /** The tenant's zone; undefined where there is no such tenant. */
  async timezone(tenantId: string): Promise<string | undefined> {
    const row = await rowsOf(this.model).findOne({ _id: tenantId }, { projection: { timezone: 1 } });
    return row?.timezone;
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

/** What a `null` names is removed. */
function entryChanges(path: string, entries: Readonly<Record<string, unknown>> = {}) {
  const named = Object.entries(entries)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [`${path}.${name}`, value] as const);
  return {
    set: Object.fromEntries(named.filter(([, value]) => value !== null)),
    unset: Object.fromEntries(
      named.filter(([, value]) => value === null).map(([name]) => [name, 1 as const]),
    ),
  };
}

function show(row: TenantRow): Tenant {
  return {
    id: row._id,
    name: row.name,
    timezone: row.timezone,
    locale: row.locale,
    region: row.region ?? null,
    channelDefaults: row.channelDefaults ?? {},
    quietHours: row.quietHours ?? null,
    disabledTypes: row.disabledTypes ?? [],
    retention: { ...defaultRetention, ...row.retention },
    sender: row.sender ?? {},
    branding: row.branding ?? {},
    appUrl: row.appUrl ?? null,
    limits: { ...row.limits, sendsPerSecond: row.limits?.sendsPerSecond ?? {} },
    useDeployment: row.useDeployment ?? {},
    retries: row.retries ?? {},
    alerts: { ...defaultAlerts, ...row.alerts },
    tracking: { ...noTracking, ...row.tracking },
    credentialsVersion: row.credentialsVersion ?? 0,
    typesVersion: row.typesVersion ?? 0,
    createdAt: row.createdAt.toISOString(),
  };
}
