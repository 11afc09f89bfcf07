// What the API answers, in plain types: this folder is loaded by browsers and carries no schemas.

export type Severity = 'info' | 'success' | 'warning' | 'error';

/** The channels that Carillon brings, and `x_…` of a deployment's own. */
export type ChannelName =
  'in_app' | 'email' | 'sms' | 'push' | 'slack' | 'teams' | 'webhook' | 'whatsapp' | `x_${string}`;

/** Something for each of some channels. */
export type ByChannel<T> = Partial<Record<ChannelName, T>>;

export type Cadence = 'immediate' | 'hourly' | 'daily' | 'weekly';
export type DayName = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** One entry of a person's inbox. Times are ISO 8601 in UTC. Text is text: whoever shows it escapes it. */
export interface Item {
  id: string;
  type: string;
  category: string;
  severity: Severity;
  /** True where its type is critical, or it was sent with critical priority. */
  critical: boolean;
  title: string;
  message: string;
  data: Record<string, unknown>;
  actor: string | null;
  related: { type: string; id: string } | null;
  /** A name of the icon set, e.g. `check-circle`. */
  icon: string;
  /** e.g. `#2563eb` */
  color: string;
  /** From outside: only http, https and relative paths may become a link. */
  actionUrl: string | null;
  imageUrl: string | null;
  actions: { label: string; url: string }[];
  threadKey: string | null;
  createdAt: string;
  seenAt: string | null;
  readAt: string | null;
  archivedAt: string | null;
  snoozedUntil: string | null;
}

/** An item that stands for its thread where the list is grouped: both numbers at most 100. */
export interface ThreadedItem extends Item {
  threadCount?: number;
  threadUnread?: number;
}

export interface Page<T> {
  items: T[];
  /** `null` at the end. */
  nextCursor: string | null;
}

/** Each at most 100. */
export interface Counts {
  unread: number;
  unseen: number;
  total: number;
  /** True where one of them may be more than it says. */
  capped: boolean;
}

export type StatsGroup = Record<string, { total: number; unread: number }>;

/** Over the newest 10,000. */
export interface Stats {
  types: StatsGroup;
  categories: StatsGroup;
  severities: StatsGroup;
}

/** Which items: those that all of these fit. */
export interface InboxFilter {
  /** `all`, the default, leaves out what is archived or snoozed. */
  filter?: 'all' | 'unread' | 'archived';
  category?: string;
  type?: string;
  severity?: Severity;
  threadKey?: string;
  /** ISO 8601, inclusive. */
  from?: string;
  /** ISO 8601, exclusive. */
  to?: string;
  /** Looked for in title and message, whatever its case. */
  q?: string;
}

export interface InboxQuery extends InboxFilter {
  group?: 'thread';
  /** 1-100, 20 where it is not given. */
  limit?: number;
  cursor?: string;
}

/** The person's own contact, language and zone. */
export interface Me {
  id: string;
  email: string | null;
  phone: string | null;
  locale: string | null;
  timezone: string | null;
  roles: string[];
}

/** What is left out stays; `null` removes it. */
export type MePatch = Partial<Pick<Me, 'email' | 'phone' | 'locale' | 'timezone'>>;

export interface QuietWindow {
  /** On which it begins. */
  days: DayName[];
  /** `HH:MM` */
  start: string;
  /** `HH:MM`; at or before `start`: the next morning. */
  end: string;
}

export interface QuietHours {
  timezone?: string;
  windows: QuietWindow[];
}

export type ChannelSwitches = ByChannel<boolean>;

/** Switches by channel, and a cadence for all channels or by channel. */
export type TypePreference = ChannelSwitches & { cadence?: Cadence | ByChannel<Cadence> };

/** What the person said. */
export interface Preferences {
  channels: ChannelSwitches;
  categories: Record<string, boolean | ChannelSwitches>;
  types: Record<string, TypePreference>;
  cadences: ByChannel<Cadence>;
  mutedTopics: string[];
  quietHours: QuietHours | null;
  /** `HH:MM`; at 09:00 where it is null. */
  digestAt: string | null;
  /** Monday where it is null. */
  digestOn: DayName | null;
  mutedUntil: string | null;
  /** Whether it may be learned when and where the person opens and reads. */
  insights: boolean;
  /** Whether mails may tell that they were opened, and which link was followed. */
  tracking: boolean;
}

/** What is left out stays; `null` removes a rule; `mutedTopics` replaces all, or as an object changes those it names. */
export interface PreferencesPatch {
  channels?: ByChannel<boolean | null>;
  categories?: Record<string, boolean | ChannelSwitches | null>;
  types?: Record<string, TypePreference | null>;
  cadences?: ByChannel<Cadence | null>;
  mutedTopics?: string[] | Record<string, boolean>;
  quietHours?: { timezone?: string; windows: (Omit<QuietWindow, 'days'> & { days?: DayName[] })[] } | null;
  digestAt?: string | null;
  digestOn?: DayName | null;
  mutedUntil?: string | null;
  insights?: boolean;
  tracking?: boolean;
}

export type PreferenceSource =
  'type' | 'category' | 'channel' | 'type_default' | 'tenant' | 'default' | 'locked';

/** One switch of a preference page, as the rules come out. */
export interface EffectiveSwitch {
  enabled: boolean;
  source: PreferenceSource;
  /** The person cannot turn it off. */
  locked: boolean;
  /** Absent where nothing is collected. */
  cadence?: Cadence;
  cadenceSource?: 'type' | 'channel' | 'type_default' | 'locked';
}

export interface Effective<T> {
  value: T;
  source: 'person' | 'tenant' | 'default';
}

/** What holds for a channel where nothing is said of a type or its category. */
export interface EffectiveChannel {
  enabled: boolean;
  source: 'channel' | 'tenant' | 'default';
  /** False where the tenant has not set it up: nothing goes out there. */
  configured: boolean;
  /** Whether a cadence other than immediate may be chosen. */
  collects: boolean;
}

/** What is in force for the person, and where each of it comes from. */
export interface EffectivePreferences {
  channels: ByChannel<EffectiveChannel>;
  types: Record<string, ByChannel<EffectiveSwitch>>;
  quietHours: Effective<QuietHours | null>;
  timezone: Effective<string>;
  digestAt: Effective<string>;
  digestOn: Effective<DayName>;
}

/** What `GET /v1/me/preferences` answers. */
export interface PreferencesInForce extends Preferences {
  effective: EffectivePreferences;
}

/** A type as people see it: what they need to choose. */
export interface TypeChoice {
  name: string;
  /** Language tag → what people call it. */
  label: Record<string, string>;
  category: string;
  icon: string;
  color: string;
  supportedChannels: ChannelName[];
  lockedChannels: ChannelName[];
  /** True where it comes whatever one chooses. */
  critical: boolean;
  cadence: Cadence;
}

/** By what a device is reached: a token of FCM, or what the browser's `PushSubscription.toJSON()` gives. */
export type DeviceAddress =
  | { token: string }
  | {
      subscription: {
        endpoint: string;
        expirationTime?: number | null;
        keys: { p256dh: string; auth: string };
      };
    };

export interface Device {
  id: string;
  kind: 'fcm' | 'web-push';
  createdAt: string;
}

/** The codes of the API's errors. */
export type ErrorCode =
  | 'validation_failed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_late'
  | 'payload_too_large'
  | 'unprocessable'
  | 'rate_limited'
  | 'internal'
  | 'unavailable';

/** What the API answers instead of what was asked for. */
export interface ErrorBody {
  detail: string;
  code: ErrorCode;
  errors?: { path: string; message: string }[];
}
