import type { Connection } from 'mongoose';
import type { ErasedPerson } from '../contracts/erasures.js';
import type { AddressVault, DataKeys } from './data-keys.js';
import type { DigestItemRow } from './digest-items.js';
import type { DigestRow } from './digests.js';
import type { OutboundEventRow } from './outbound-events.js';
import { rowsIn, type Erased, type ErasureStep } from './erasing-step.js';
import { schedulesOf, type OwnSchedule } from './erasing-schedules.js';
import { addressId } from './recipient-id.js';
import { rowId } from './row-id.js';
import { rowsOf, type Rows } from './rows.js';
import { contactOf } from './subscriber-rows.js';
import type { Subscribers } from './subscribers.js';
import type { ListedRow } from './broadcast-recipients.js';
import type { SuppressionRow } from './suppressions.js';

/** Collections that begin an index with tenant and recipient. */
const byRecipient = [
  'notifications',
  'deliveries',
  'digests',
  'reminders',
  'topicMembers',
  'audiences',
] as const;
const byId = ['subscribers', 'preferences', 'insights'] as const;
/** Addresses of a person that are looked for, at most. */
const MAX_ADDRESSES = 1_000;

interface Kinds {
  digests: DigestRow;
  digestItems: DigestItemRow;
  audiences: ListedRow;
  outboundEvents: OutboundEventRow;
}

/** All that is held of one person, wherever it is: for an export, and for an erasure. */
export class PersonRows {
  constructor(
    private readonly connection: Connection,
    private readonly subscribers: Subscribers,
    private readonly dataKeys: DataKeys,
  ) {}

  /** Whether anything is held under this ID, with or without a person of whom it is. */
  async holdsAny(tenantId: string, recipientId: string): Promise<boolean> {
    const found = await Promise.all([
      ...byId.map((name) =>
        rowsIn(this.connection, name).findOne({ _id: rowId(tenantId, recipientId) }, one),
      ),
      ...byRecipient.map((name) => rowsIn(this.connection, name).findOne({ tenantId, recipientId }, one)),
    ]);
    return found.some((row) => row !== null);
  }

  /**
   * By what else the person is found: their addresses as they are now, and those that the log of deliveries knows. What
   * was sent to one of these as a bare address is theirs too, unless somebody else has the same address.
   */
  async identify(tenantId: string, recipientId: string): Promise<ErasedPerson> {
    const vault = await this.dataKeys.vault(tenantId);
    const row = await rowsOf(this.subscribers.model).findOne({ _id: rowId(tenantId, recipientId) });
    const contact = row ? contactOf(row, vault) : undefined;
    const known = [
      contact?.email,
      contact?.phone,
      contact?.slackUserId,
      contact?.webhookUrl,
      row?.sealedTeamsUserId === undefined ? row?.teamsUserId : vault.open(row.sealedTeamsUserId),
      ...(contact?.pushTokens ?? []),
    ].flatMap((address) => (address === undefined ? [] : [vault.hash(address)]));
    const written = await rowsIn(this.connection, 'deliveries')
      .aggregate<{ _id: string }>([
        { $match: { tenantId, recipientId, channel: { $ne: 'in_app' }, targetHash: { $ne: '' } } },
        { $group: { _id: '$targetHash' } },
        { $limit: MAX_ADDRESSES },
      ])
      .toArray();
    const found = [...new Set([...known, ...written.map(({ _id }) => _id)])];
    const shared = await this.shared(tenantId, recipientId, found);
    const addressHashes = found.filter((hash) => !shared.has(hash));
    return {
      tenantId,
      recipientId,
      ids: [...new Set([recipientId, ...addressHashes.map(addressId)])],
      addressHashes,
    };
  }

  /** Which of these addresses other people have, too. */
  private async shared(
    tenantId: string,
    recipientId: string,
    hashes: readonly string[],
  ): Promise<Set<string>> {
    const people = rowsOf(this.subscribers.model);
    const others = { tenantId, _id: { $ne: rowId(tenantId, recipientId) } };
    const options = { projection: { emailHash: 1, phoneHash: 1 } };
    const [byEmail, byPhone] = await Promise.all([
      people.find({ ...others, emailHash: { $in: [...hashes] } }, options).toArray(),
      people.find({ ...others, phoneHash: { $in: [...hashes] } }, options).toArray(),
    ]);
    return new Set(
      [...byEmail, ...byPhone].flatMap(({ emailHash, phoneHash }) => [emailHash ?? '', phoneHash ?? '']),
    );
  }

  /** The rows of a collection, in no order, as they come. */
  each<Name extends keyof Kinds>(name: Name, { tenantId, ids }: ErasedPerson): AsyncIterable<Kinds[Name]> {
    const rows = this.connection.collection(name) as unknown as Rows<{ _id: string }>;
    return rows
      .find({ tenantId, recipientId: { $in: ids } } as object, { batchSize: 100 })
      .map((row) => row as unknown as Kinds[Name]);
  }

  /** What stops the person's addresses, opened. */
  async *suppressions({ tenantId, addressHashes }: ErasedPerson) {
    const vault = await this.dataKeys.vault(tenantId);
    const rows = this.connection.collection('suppressions') as unknown as Rows<SuppressionRow>;
    for await (const row of rows.find({ tenantId, addressHash: { $in: addressHashes } }))
      yield {
        channel: row.channel,
        address: vault.open(row.address),
        reason: row.reason,
        category: row.category ?? null,
        createdAt: row.createdAt.toISOString(),
      };
  }

  /** Files that came with notifications, by the notification's ID; in base64. */
  async *attachments(tenantId: string, notificationId: string) {
    const vault: AddressVault = await this.dataKeys.vault(tenantId);
    const prefix = rowId(tenantId, notificationId);
    const rows = rowsIn(this.connection, 'attachments');
    for await (const row of rows.find({ _id: { $gt: `${prefix}/`, $lt: `${prefix}0` } }, { batchSize: 1 }))
      yield { notification: notificationId, content: vault.open(row.sealed as string) };
  }

  /** Those of a notification that was accepted, and is not there. */
  async removeAttachments(tenantId: string, notificationId: string): Promise<number> {
    const prefix = rowId(tenantId, notificationId);
    const done = await rowsIn(this.connection, 'attachments').deleteMany({
      _id: { $gt: `${prefix}/`, $lt: `${prefix}0` },
    });
    return done.deletedCount;
  }

  /** Schedules that name the person. */
  async *schedules(person: ErasedPerson): AsyncGenerator<OwnSchedule> {
    const vault = await this.dataKeys.vault(person.tenantId);
    yield* schedulesOf({ connection: this.connection, vault, person });
  }

  /** Erases the next rows of one kind. */
  async erase(step: ErasureStep, person: ErasedPerson): Promise<Erased> {
    const vault = await this.dataKeys.vault(person.tenantId);
    return step({ connection: this.connection, vault, person });
  }
}

const one = { projection: { _id: 1 } } as const;
