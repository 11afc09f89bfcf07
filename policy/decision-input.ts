import type { ChannelName } from '../contracts/channels.js';
import type { Contact } from '../contracts/contact.js';
import type { NotificationType } from '../contracts/notification-types.js';
import type { ChannelDecisions } from '../contracts/plan.js';
import type { Preferences } from '../contracts/preferences.js';
import type { Suppression } from '../contracts/suppressions.js';
import type { Limited } from './limited.js';
import type { AskedDigest } from './digest.js';
import type { Tenant } from '../contracts/tenants.js';

/** Everything that a decision about one notification rests on. Instants are milliseconds since the epoch. */
export interface DecisionInput {
  nowMs: number;
  type: NotificationType;
  /** The trigger's own category, in place of the type's when preferences are asked. */
  category?: string;
  tenant: Pick<Tenant, 'timezone' | 'channelDefaults' | 'quietHours' | 'disabledTypes'>;
  /** Undefined when nobody has the recipient's ID. */
  contact?: Contact;
  /** The person is erased, or being erased; false by default. */
  erased?: boolean;
  /** `noPreferences` for a bare address and for whoever has said nothing. */
  preferences: Preferences;
  /** What stops the addresses at which this person is reached. */
  suppressions: readonly Suppression[];
  /** Channels that the tenant has set up. Taken as it is: whoever calls names `in_app` in it. */
  configuredChannels: readonly ChannelName[];
  /** Those of them on which none of the tenant's providers reaches this person; none by default. */
  unreachableChannels?: readonly ChannelName[];
  /** Who caused it: nobody is told of their own deeds. */
  actor?: string;
  /** The trigger's `channels`; undefined or empty when it names none. */
  requestedChannels?: readonly ChannelName[];
  /** Channels that it is escalated to, since nobody has read it: asked for besides; none by default. */
  escalatedChannels?: readonly ChannelName[];
  /** Channels that it will be escalated to: not asked for yet, unless the trigger's `channels` name them. */
  laterChannels?: readonly ChannelName[];
  /** Channels that the trigger's `content` has a text for; undefined when it brings no content. */
  contentChannels?: readonly ChannelName[];
  /** Channels that the type has a text for by itself; all by default, none for one that needs content. */
  writtenChannels?: readonly ChannelName[];
  /** The trigger's own digest. */
  digest?: AskedDigest | undefined;
  /** A limit of the type that it has met. */
  limited?: Limited | undefined;
  sendAtMs?: number;
  /** `sendAtMs` is when the person is reached best; false by default. */
  isBestTime?: boolean;
  expiresAtMs?: number;
  /** An operator asked to pass `sendAt` and quiet hours. */
  expedite: boolean;
  /** Topics through which alone it reaches the person; none by default. */
  onlyTopics?: readonly string[] | undefined;
  /** Channels that have ended: nothing is decided about them again. */
  done: readonly ChannelName[];
  /** The plan before this one, from which `done` channels keep their entry. */
  previous?: ChannelDecisions;
}
