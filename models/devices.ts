import type { Device } from '../contracts/devices.js';
import type { DataKeys } from './data-keys.js';
import { deviceAdded, deviceId, deviceRows, showDevice } from './device-rows.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';
import type { SubscriberRow } from './subscriber-rows.js';
import type { Subscribers } from './subscribers.js';

/** The devices of people, which stand in their rows: found with the person, gone with the person. */
export class Devices {
  private readonly people: Rows<SubscriberRow>;

  constructor(
    subscribers: Subscribers,
    private readonly keys: DataKeys,
  ) {
    this.people = rowsOf(subscribers.model);
  }

  /** The one that registered last comes last; undefined when there is no such person. */
  async list(tenantId: string, personId: string): Promise<Device[] | undefined> {
    const row = await this.people.findOne({ _id: rowId(tenantId, personId) }, { projection: { devices: 1 } });
    return row ? (row.devices ?? []).map(showDevice) : undefined;
  }

  /** Once, however often it is registered; `created` tells the first time. Undefined when there is no such person. */
  async register(
    tenantId: string,
    personId: string,
    token: string,
  ): Promise<{ device: Device; created: boolean } | undefined> {
    const [device] = deviceRows([token], await this.keys.vault(tenantId));
    if (!device) throw new Error('one token is one device');
    const before = await this.people.findOneAndUpdate(
      { _id: rowId(tenantId, personId) },
      [{ $set: { devices: deviceAdded(device), updatedAt: new Date() } }],
      { returnDocument: 'before', projection: { devices: 1 } },
    );
    if (!before) return undefined;
    const known = before.devices?.find(({ id }) => id === device.id);
    return { device: showDevice(known ?? device), created: known === undefined };
  }

  /** Forgets those that are there; false when there is no such person. */
  async forget(tenantId: string, personId: string, tokens: readonly string[]): Promise<boolean> {
    const vault = await this.keys.vault(tenantId);
    const ids = tokens.map((token) => deviceId(token, vault));
    const done = await this.people.updateOne(
      { _id: rowId(tenantId, personId) },
      { $pull: { devices: { id: { $in: ids } } }, $set: { updatedAt: new Date() } },
    );
    return done.matchedCount === 1;
  }
}
