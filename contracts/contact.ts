import type { AttributeValue } from './subscribers.js';

/** How one person, or one bare address, can be reached and addressed. Built in activities, handed to policy and channels. */
export interface Contact {
  /** The person's ID, or the keyed hash that stands for a bare address. */
  id: string;
  /** False for a bare address. */
  hasInbox: boolean;
  email?: string;
  phone?: string;
  pushTokens: readonly string[];
  slackUserId?: string;
  /** Where the person's own webhook messages go. */
  webhookUrl?: string;
  /** What else is known of the person: an own channel may find its address here. */
  attributes?: Readonly<Record<string, AttributeValue>>;
  roles?: readonly string[];
  locale?: string;
  timezone?: string;
}
