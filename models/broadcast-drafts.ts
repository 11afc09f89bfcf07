import { BEST_TIME } from '../contracts/trigger.js';
import {
  sourcesOf,
  type Audience,
  type AudienceMember,
  type AudienceSources,
  type ManyRecipients,
} from '../contracts/audience.js';
import type { BroadcastMessage, ListedRecipient } from '../contracts/broadcasts.js';
import type { BroadcastRecipients } from './broadcast-recipients.js';
import type { BroadcastRow, Broadcasts } from './broadcasts.js';
import type { AddressVault, DataKeys } from './data-keys.js';
import type { InsertedOnce } from './insert-once.js';
import { recipientIdOf } from './recipient-id.js';

/** Lists are written in portions of this many. */
const PORTION = 500;

/** One of a list in its stored form. */
export interface ListedMember {
  recipientId: string;
  sealed?: string;
}

/** What a broadcast is, and to whom it goes: phone numbers in E.164, contents of attachments stored. */
export interface DraftedBroadcast {
  name: string;
  message: BroadcastMessage;
  to?: ManyRecipients | undefined;
  audience?: Audience | undefined;
  spreadOver?: number | null | undefined;
}

/** Stores broadcasts whole: with the lists that they bring. */
export class BroadcastDrafts {
  constructor(
    private readonly dataKeys: DataKeys,
    private readonly broadcasts: Broadcasts,
    private readonly recipients: BroadcastRecipients,
  ) {}

  /** Its list first: so it is whole, or it is not there. Unless its ID is taken: then that one is answered. */
  async store(
    { tenantId, id }: { tenantId: string; id: string },
    { name, message, to, audience, spreadOver }: DraftedBroadcast,
    made: Pick<BroadcastRow, 'status' | 'requestHash' | 'createdBy'>,
  ): Promise<InsertedOnce<BroadcastRow>> {
    const vault = await this.dataKeys.vault(tenantId);
    const members = (audience?.recipients ?? []).map((one) => listedMember(vault, one));
    const recipients = (to?.recipients ?? []).map((one) => listedRecipient(vault, one));
    await this.addToList(tenantId, id, [...members, ...recipients]);
    const now = new Date();
    return this.broadcasts.insert({
      ...made,
      tenantId,
      id,
      name,
      type: message.type,
      message: vault.seal(JSON.stringify(message)),
      audience: JSON.stringify(sourcesOfDraft({ to, audience })),
      ...(message.sendAt && message.sendAt !== BEST_TIME ? { sendAt: new Date(message.sendAt) } : {}),
      ...(spreadOver === null || spreadOver === undefined ? {} : { spreadOverMs: spreadOver }),
      processed: 0,
      createdAt: now,
      updatedAt: now,
    });
  }

  /** Adds to a broadcast's own list, in portions. Answers how many were not in it before. */
  async addToList(tenantId: string, id: string, members: readonly ListedMember[]): Promise<number> {
    let added = 0;
    for (let from = 0; from < members.length; from += PORTION) {
      // Within one write each recipient may stand once only; the last one counts.
      const portion = new Map(members.slice(from, from + PORTION).map((one) => [one.recipientId, one]));
      added += await this.recipients.add(tenantId, id, [...portion.values()]);
    }
    return added;
  }
}

/** Where its recipients come from; without `to` and `audience` from a list that is streamed to it. */
export function sourcesOfDraft({ to, audience }: Pick<DraftedBroadcast, 'to' | 'audience'>): AudienceSources {
  const named = audience ?? to;
  return named ? sourcesOf(named) : { list: true, roles: [], topics: [], everyone: false };
}

/** A member of a list in its stored form. */
export function listedMember(vault: AddressVault, member: AudienceMember): ListedMember {
  if (typeof member === 'string') return { recipientId: member };
  const { id, data } = member;
  return { recipientId: id, ...(data === undefined ? {} : { sealed: vault.seal(JSON.stringify({ data })) }) };
}

function listedRecipient(vault: AddressVault, recipient: ListedRecipient): ListedMember {
  const recipientId = recipientIdOf(vault, recipient);
  return {
    recipientId,
    ...(typeof recipient === 'string' ? {} : { sealed: vault.seal(JSON.stringify({ recipient })) }),
  };
}
