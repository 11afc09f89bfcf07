import type { mongo } from 'mongoose';
import { kindOf, MAX_DEVICES, type Device, type DeviceKind } from '../contracts/devices.js';
import type { AddressVault } from './data-keys.js';

export interface DeviceRow {
  /** Keyed hash of the token: the same device is one, and is found without its token. */
  id: string;
  kind: DeviceKind;
  /** Sealed, as addresses are. */
  token: string;
  createdAt: Date;
}

/** The stored form of a person's devices, the one that registered last at the end. */
export function deviceRows(tokens: readonly string[], vault: AddressVault, now = new Date()): DeviceRow[] {
  return [...new Set(tokens)].map((token) => ({
    id: deviceId(token, vault),
    // What no provider reaches is nobody's subscription: it is kept as it was brought.
    kind: kindOf(token) ?? 'fcm',
    token: vault.seal(token),
    createdAt: now,
  }));
}

export function deviceId(token: string, vault: AddressVault): string {
  return `dev_${vault.hash(token)}`;
}

export function showDevice({ id, kind, createdAt }: DeviceRow): Device {
  return { id, kind, createdAt: createdAt.toISOString() };
}

export function tokensOf({ devices = [] }: { devices?: DeviceRow[] }, vault: AddressVault): string[] {
  return devices.map(({ token }) => vault.open(token));
}

const stored = { $ifNull: ['$devices', []] };
/** When the device in `$$this` was first registered, if it was. */
const registeredAt = {
  $let: {
    vars: {
      before: { $filter: { input: stored, as: 'before', cond: { $eq: ['$$before.id', '$$this.id'] } } },
    },
    in: { $ifNull: [{ $first: '$$before.createdAt' }, '$$this.createdAt'] },
  },
};

/** Computed at the server: these devices and no others, those that are there already with the time they had. */
export function devicesInstead(devices: readonly DeviceRow[]): mongo.Document {
  return {
    $map: {
      input: { $literal: devices },
      in: { $mergeObjects: ['$$this', { createdAt: registeredAt }] },
    },
  };
}

/** Likewise: one more, or the same one again, which then registered last. Past the limit the first goes. */
export function deviceAdded(device: DeviceRow): mongo.Document {
  const others = { $filter: { input: stored, as: 'other', cond: { $ne: ['$$other.id', device.id] } } };
  return { $slice: [{ $concatArrays: [others, devicesInstead([device])] }, -MAX_DEVICES] };
}
