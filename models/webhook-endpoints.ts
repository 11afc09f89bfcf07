import { randomBytes } from 'node:crypto';
import type { Connection, Model } from 'mongoose';
import { ulid } from 'ulid';
import { CarillonError } from '../contracts/errors.js';
import {
  MAX_ENDPOINTS,
  type DisabledReason,
  type WebhookCreate,
  type WebhookPatch,
} from '../contracts/webhooks.js';
import { UnsealError } from '../runtime/key-ring.js';
import { pageById, readIdCursor } from './cursor.js';
import type { DataKeys } from './data-keys.js';
import { idsOf, rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';
import {
  ENABLED,
  NOTICE_DUE,
  webhookEndpointSchema,
  type SealedSettings,
  type WebhookEndpointRow,
} from './webhook-endpoint-schema.js';

/** An endpoint with its secrets. */
export interface WebhookEndpoint extends Omit<WebhookEndpointRow, 'sealed' | 'keyId'>, SealedSettings {
  /** Why its settings cannot be opened: then it has no URL. */
  problem?: string;
}

/** A rotation within a rotation within a rotation forgets the oldest secret. */
const MAX_SECRETS = 3;

/** Where tenants are told of events. What may hold secrets is sealed with the tenant's own key. */
export class WebhookEndpoints {
  private readonly rows: Rows<WebhookEndpointRow>;

  constructor(
    connection: Connection,
    private readonly dataKeys: DataKeys,
  ) {
    const model: Model<WebhookEndpointRow> = connection.model<WebhookEndpointRow>(
      'WebhookEndpoint',
      webhookEndpointSchema,
    );
    this.rows = rowsOf(model);
  }

  /** Its secret is in the answer. @throws CarillonError `conflict` when the tenant has as many as it may. */
  async create(tenantId: string, given: WebhookCreate): Promise<WebhookEndpoint> {
    if ((await this.rows.countDocuments({ _id: idsOf(tenantId) })) >= MAX_ENDPOINTS)
      throw new CarillonError(
        'conflict',
        `there are ${MAX_ENDPOINTS} endpoints already, the most that a tenant may have`,
      );
    const id = `whe_${ulid()}`;
    const now = new Date();
    const { url, headers, description, events, enabled } = given;
    const settings: SealedSettings = { url, headers, secrets: [{ secret: newSecret() }] };
    const row: WebhookEndpointRow = {
      _id: rowId(tenantId, id),
      tenantId,
      id,
      version: 1,
      ...(await this.seal(tenantId, id, settings)),
      ...(description === null ? {} : { description }),
      events,
      enabled,
      ...(enabled ? {} : { disabledReason: 'by_hand', disabledAt: now }),
      createdAt: now,
      updatedAt: now,
    };
    await this.rows.insertOne(row);
    return withSettings(row, settings);
  }

  async find(tenantId: string, id: string): Promise<WebhookEndpoint | undefined> {
    const row = await this.rows.findOne({ _id: rowId(tenantId, id) });
    return row ? this.open(row) : undefined;
  }

  /** A tenant's, the oldest first. */
  async list(tenantId: string, limit: number, cursor: string | undefined) {
    const rows = await this.rows
      .find({ _id: idsOf(tenantId, readIdCursor(cursor)) })
      .sort({ _id: 1 })
      .limit(limit + 1)
      .toArray();
    return pageById(await Promise.all(rows.map((row) => this.open(row))), limit, ({ id }) => id);
  }

  /** Those that are told of events, of one tenant or of all. */
  async enabled(tenantId?: string): Promise<WebhookEndpoint[]> {
    const ofTenant = tenantId === undefined ? {} : { _id: idsOf(tenantId) };
    const rows = await this.rows
      .find({ enabled: true, ...ofTenant })
      .hint(ENABLED)
      .toArray();
    return Promise.all(rows.map((row) => this.open(row)));
  }

  /** Changes settings; enabling it forgets why it was disabled. Undefined where there is none. */
  change(tenantId: string, id: string, patch: WebhookPatch): Promise<WebhookEndpoint | undefined> {
    return this.update(tenantId, id, ({ url, headers, secrets, enabled }) => ({
      settings: { url: patch.url ?? url, headers: patch.headers ?? headers, secrets },
      set: {
        ...(patch.events === undefined ? {} : { events: patch.events }),
        ...(typeof patch.description === 'string' ? { description: patch.description } : {}),
        ...(patch.enabled === undefined ? {} : { enabled: patch.enabled }),
        ...(patch.enabled === false && enabled
          ? { disabledReason: 'by_hand' as const, disabledAt: new Date() }
          : {}),
      },
      unset: [
        ...(patch.description === null ? (['description'] as const) : []),
        ...(patch.enabled === true && !enabled
          ? (['disabledReason', 'disabledAt', 'noticeDue', 'failingSince'] as const)
          : []),
      ],
    }));
  }

  /** Gives it a new secret; the ones before sign beside it until `overlapMs` from now. */
  rotate(tenantId: string, id: string, overlapMs: number): Promise<WebhookEndpoint | undefined> {
    return this.update(tenantId, id, ({ url, headers, secrets }) => {
      const untilMs = Date.now() + overlapMs;
      const former = active(secrets).map((one) => ({
        secret: one.secret,
        untilMs: Math.min(one.untilMs ?? untilMs, untilMs),
      }));
      const all = [{ secret: newSecret() }, ...(overlapMs > 0 ? former : [])];
      return { settings: { url, headers, secrets: all.slice(0, MAX_SECRETS) }, set: {}, unset: [] };
    });
  }

  /** False when there was none. */
  async remove(tenantId: string, id: string): Promise<boolean> {
    return (await this.rows.deleteOne({ _id: rowId(tenantId, id) })).deletedCount === 1;
  }

  /** An attempt was in vain. Answers since when all of them are. */
  async markFailing(tenantId: string, id: string): Promise<Date | undefined> {
    const row = await this.rows.findOneAndUpdate(
      { _id: rowId(tenantId, id) },
      [{ $set: { failingSince: { $ifNull: ['$failingSince', '$$NOW'] } } }],
      { returnDocument: 'after', projection: { failingSince: 1 } },
    );
    return row?.failingSince;
  }

  /** It took something. */
  async markWorking(tenantId: string, id: string): Promise<void> {
    await this.rows.updateOne(
      { _id: rowId(tenantId, id), failingSince: { $exists: true } },
      { $unset: { failingSince: 1 } },
    );
  }

  /** Nothing is sent to it any more, and administrators are to be told. False when it was disabled before. */
  async disable(tenantId: string, id: string, reason: DisabledReason): Promise<boolean> {
    const done = await this.rows.updateOne(
      { _id: rowId(tenantId, id), enabled: true },
      {
        $set: {
          enabled: false,
          disabledReason: reason,
          disabledAt: new Date(),
          noticeDue: true,
          updatedAt: new Date(),
        },
        $inc: { version: 1 },
      },
    );
    return done.modifiedCount === 1;
  }

  /** Those that were disabled and whose administrators are still to be told, of all tenants. */
  noticesDue(limit: number): Promise<WebhookEndpointRow[]> {
    return this.rows
      .find({ noticeDue: true })
      .hint(NOTICE_DUE)
      .sort({ noticeDue: 1, _id: 1 })
      .limit(limit)
      .toArray();
  }

  async markTold({ _id, disabledAt }: Pick<WebhookEndpointRow, '_id' | 'disabledAt'>): Promise<void> {
    await this.rows.updateOne({ _id, ...(disabledAt ? { disabledAt } : {}) }, { $unset: { noticeDue: 1 } });
  }

  /** Reads, changes and writes, again where somebody else did so meanwhile. */
  private async update(
    tenantId: string,
    id: string,
    make: (now: WebhookEndpoint) => {
      settings: SealedSettings;
      set: Partial<WebhookEndpointRow>;
      unset: readonly (keyof WebhookEndpointRow)[];
    },
  ): Promise<WebhookEndpoint | undefined> {
    for (;;) {
      const now = await this.find(tenantId, id);
      if (!now) return undefined;
      if (now.problem !== undefined) throw new CarillonError('conflict', now.problem);
      const { settings, set, unset } = make(now);
      const row = await this.rows.findOneAndUpdate(
        { _id: now._id, version: now.version },
        {
          $set: { ...set, ...(await this.seal(tenantId, id, settings)), updatedAt: new Date() },
          $inc: { version: 1 },
          ...(unset.length > 0 ? { $unset: Object.fromEntries(unset.map((name) => [name, 1])) } : {}),
        },
        { returnDocument: 'after' },
      );
      if (row) return withSettings(row, settings);
    }
  }

  private async seal(tenantId: string, id: string, settings: SealedSettings) {
    const vault = await this.dataKeys.secrets(tenantId);
    return { keyId: vault.keyId, sealed: vault.seal(JSON.stringify(settings), placeOf(id)) };
  }

  private async open(row: WebhookEndpointRow): Promise<WebhookEndpoint> {
    try {
      const vault = await this.dataKeys.secrets(row.tenantId);
      return withSettings(row, JSON.parse(vault.open(row.sealed, placeOf(row.id))) as SealedSettings);
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      const problem = `its settings cannot be opened: ${error.message}`;
      return { ...withSettings(row, { url: '', headers: {}, secrets: [] }), problem };
    }
  }
}

/** The secrets that sign now, the current one first. */
export function signingSecrets({ secrets }: Pick<SealedSettings, 'secrets'>): string[] {
  return active(secrets).map(({ secret }) => secret);
}

function active(secrets: SealedSettings['secrets']): SealedSettings['secrets'] {
  return secrets.filter(({ untilMs }) => untilMs === undefined || untilMs > Date.now());
}

function withSettings(
  { sealed: _sealed, keyId: _keyId, ...row }: WebhookEndpointRow,
  settings: SealedSettings,
): WebhookEndpoint {
  return { ...row, ...settings };
}

function placeOf(id: string): string {
  return `webhook/${id}`;
}

/** Of Standard Webhooks: 24 to 64 random bytes. */
function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
