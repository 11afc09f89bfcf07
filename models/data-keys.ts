import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Schema, type Connection, type Model } from 'mongoose';
import { openWith, sealWith, UnsealError, type KeyRing } from '../runtime/key-ring.js';
import { insertOnce } from './insert-once.js';

/** The collection's name. */
export const DATA_KEYS = 'dataKeys';

export interface DataKeyRow {
  _id: string;
  /** The master key that wraps it; absent while no key ring is configured. */
  keyId?: string;
  key: Buffer;
  createdAt: Date;
}

const schema = new Schema<DataKeyRow>(
  {
    _id: String,
    keyId: String,
    key: { type: Buffer, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: DATA_KEYS, versionKey: false },
);

/** Seals addresses of one tenant, and finds them again by keyed hash. */
export interface AddressVault {
  seal(address: string): string;
  /** @throws when the text was sealed for another tenant or tampered with. */
  open(sealed: string): string;
  /** The same address always hashes alike within a tenant, and nowhere else. 32 url-safe characters. */
  hash(address: string): string;
  /** Stands for a person's ID where that may not stand. Case counts. 32 url-safe characters. */
  pseudonym(recipientId: string): string;
}

/** Seals other secrets of one tenant, each for the place where it is stored, so that none can stand in another's. */
export interface SecretVault {
  /** Names the key, and tells nothing of it. */
  keyId: string;
  seal(secret: string, place: string): string;
  /** @throws {UnsealError} when the text was sealed for another place or tenant, or tampered with. */
  open(sealed: string, place: string): string;
}

/**
 * One random key per tenant (and per purpose), wrapped by the key ring when there is one. Destroying a tenant's row
 * makes all that it sealed unreadable.
 */
export class DataKeys {
  private readonly model: Model<DataKeyRow>;
  private readonly keys = new LRUCache<string, Buffer>({ max: 10_000 });
  private readonly vaults = new LRUCache<string, AddressVault>({ max: 10_000 });

  constructor(
    connection: Connection,
    private readonly ring: KeyRing | undefined,
  ) {
    this.model = connection.model<DataKeyRow>('DataKey', schema);
  }

  /** The vault of a tenant; its key is made at first use. */
  async vault(tenantId: string): Promise<AddressVault> {
    const known = this.vaults.get(tenantId);
    if (known) return known;
    const vault = addressVault(await this.key(`tenant/${tenantId}`), tenantId);
    this.vaults.set(tenantId, vault);
    return vault;
  }

  /** @throws {UnsealError} when the key that wraps the tenant's is not in the ring any more. */
  async secrets(tenantId: string): Promise<SecretVault> {
    return secretVault(await this.key(`tenant/${tenantId}`), tenantId);
  }

  /** A 32-byte key for one purpose of this deployment, e.g. signing person tokens; the same in every process. */
  purposeKey(purpose: string): Promise<Buffer> {
    return this.key(`purpose/${purpose}`);
  }

  private async key(scope: string): Promise<Buffer> {
    const known = this.keys.get(scope);
    if (known) return known;
    const row = (await this.find(scope)) ?? (await this.create(scope));
    const key = this.unwrap(row);
    this.keys.set(scope, key);
    return key;
  }

  private find(scope: string): Promise<DataKeyRow | null> {
    return this.model.findById(scope).lean<DataKeyRow>().exec();
  }

  private async create(scope: string): Promise<DataKeyRow> {
    const plain = randomBytes(32);
    const wrapped = this.ring?.seal(plain, dataKeyContext(scope));
    const row: DataKeyRow = {
      _id: scope,
      key: wrapped?.sealed ?? plain,
      createdAt: new Date(),
      ...(wrapped ? { keyId: wrapped.keyId } : {}),
    };
    const { row: winner } = await insertOnce(
      row,
      (whole) => this.model.create(whole),
      () => this.find(scope),
    );
    return winner;
  }

  private unwrap(row: DataKeyRow): Buffer {
    const bytes = dataKeyBytes(row);
    if (row.keyId === undefined) return bytes;
    if (!this.ring) {
      throw new UnsealError(
        `the data key "${row._id}" is wrapped by "${row.keyId}", but CARILLON_KEYS is not set`,
      );
    }
    return this.ring.open(row.keyId, bytes, dataKeyContext(row._id));
  }
}

/** What a data key is sealed for: its own row. */
export function dataKeyContext(scope: string): string {
  return `carillon/data-key/${scope}`;
}

/** The key's bytes, wrapped or plain, however the driver gave them. */
export function dataKeyBytes({ key }: DataKeyRow): Buffer {
  return Buffer.isBuffer(key) ? key : Buffer.from((key as { buffer: Uint8Array }).buffer);
}

function subkey(key: Buffer, purpose: string, bytes = 32): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `carillon/${purpose}`, bytes));
}

function secretVault(key: Buffer, tenantId: string): SecretVault {
  const sealing = subkey(key, 'secrets');
  const context = (place: string) => `${tenantId}/${place}`;
  return {
    keyId: subkey(key, 'key-id', 6).toString('hex'),
    seal: (secret, place) => sealWith(sealing, Buffer.from(secret), context(place)).toString('base64url'),
    open: (sealed, place) => openWith(sealing, Buffer.from(sealed, 'base64url'), context(place)).toString(),
  };
}

function addressVault(key: Buffer, tenantId: string): AddressVault {
  const sealing = subkey(key, 'seal');
  const hashing = subkey(key, 'hash');
  const naming = subkey(key, 'pseudonym');
  return {
    seal: (address) => sealWith(sealing, Buffer.from(address), tenantId).toString('base64url'),
    open: (sealed) => openWith(sealing, Buffer.from(sealed, 'base64url'), tenantId).toString(),
    hash: (address) =>
      createHmac('sha256', hashing).update(address.trim().toLowerCase()).digest('base64url').slice(0, 32),
    pseudonym: (recipientId) =>
      createHmac('sha256', naming).update(recipientId).digest('base64url').slice(0, 32),
  };
}
