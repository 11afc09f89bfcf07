import { Schema, type Connection, type Model } from 'mongoose';
import { noPreferences, preferences, type Preferences } from '../contracts/preferences.js';
import { rowId } from './row-id.js';
import { rowsOf } from './rows.js';

interface PreferencesRow {
  _id: string;
  tenantId: string;
  recipientId: string;
  /** JSON of contracts/preferences.ts: written and read whole, and parsed by the contract at every read. */
  value: string;
  /** Counts changes, so that a change made on an older reading is noticed. */
  version: number;
  updatedAt: Date;
}

const schema = new Schema<PreferencesRow>(
  {
    _id: String,
    tenantId: { type: String, required: true },
    recipientId: { type: String, required: true },
    value: { type: String, required: true },
    version: { type: Number, required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'preferences', versionKey: false },
);

/** What people want; a person without a row wants the defaults. */
export class PreferenceStore {
  private readonly model: Model<PreferencesRow>;

  constructor(connection: Connection) {
    this.model = connection.model<PreferencesRow>('Preference', schema);
  }

  async find(tenantId: string, recipientId: string): Promise<Preferences> {
    const row = await this.row(tenantId, recipientId);
    return row ? preferences.parse(JSON.parse(row.value)) : noPreferences;
  }

  /** Of many people at once; who has no row is not in it. */
  async findMany(tenantId: string, recipientIds: readonly string[]): Promise<Map<string, Preferences>> {
    const rows = await rowsOf(this.model)
      .find({ _id: { $in: recipientIds.map((id) => rowId(tenantId, id)) } })
      .toArray();
    return new Map(rows.map((row) => [row.recipientId, preferences.parse(JSON.parse(row.value))]));
  }

  /** Reads, changes and writes; repeated when somebody else wrote in between. Answers what was written. */
  async change(
    tenantId: string,
    recipientId: string,
    change: (current: Preferences) => Preferences,
  ): Promise<Preferences> {
    for (;;) {
      const row = await this.row(tenantId, recipientId);
      const next = change(row ? preferences.parse(JSON.parse(row.value)) : noPreferences);
      if (await this.write(tenantId, recipientId, next, row?.version ?? 0)) return next;
    }
  }

  async remove(tenantId: string, recipientId: string): Promise<void> {
    await this.model.deleteOne({ _id: rowId(tenantId, recipientId) });
  }

  private row(tenantId: string, recipientId: string): Promise<PreferencesRow | null> {
    return rowsOf(this.model).findOne({ _id: rowId(tenantId, recipientId) });
  }

  private async write(
    tenantId: string,
    recipientId: string,
    value: Preferences,
    seen: number,
  ): Promise<boolean> {
    const _id = rowId(tenantId, recipientId);
    const fields = { value: JSON.stringify(value), version: seen + 1, updatedAt: new Date() };
    if (seen > 0) {
      const done = await this.model.updateOne({ _id, version: seen }, { $set: fields });
      return done.matchedCount === 1;
    }
    const done = await this.model.updateOne(
      { _id },
      { $setOnInsert: { ...fields, tenantId, recipientId } },
      { upsert: true },
    );
    return done.upsertedCount === 1;
  }
}
