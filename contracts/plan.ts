import type { ByChannel } from './channels.js';
import type { ChosenTemplates } from './templates.js';
import type { SuppressionReason } from './suppressions.js';

/** Why a channel was left out of, or held back from, a notification. Stored, shown, never reworded. */
export const planReasons = [
  'type_disabled',
  'channel_not_supported',
  'recipient_unknown',
  'recipient_erased',
  'suppressed_address',
  'actor_is_recipient',
  'not_requested',
  'channel_not_configured',
  'turned_off_by_person',
  'turned_off_by_default',
  'topic_muted',
  'muted',
  'no_address',
  'no_inbox',
  'no_content',
  'quiet_hours',
  'scheduled',
  'best_time',
  'escalation',
  'cadence',
  'digest_key',
  'duplicate',
  'throttled',
  'expired',
  'cancelled',
  'acknowledged',
] as const;
export type PlanReason = (typeof planReasons)[number];

/** Why a notification is collected: the person's choice or the type's, the trigger's `digestKey`, or a throttle. */
export type DigestReason = 'cadence' | 'digest_key' | 'throttled';

/** What happens to one channel of one notification. Times are ISO 8601 in UTC. */
export type ChannelDecision =
  | { action: 'send' }
  | { action: 'hold'; until: string; reason: 'quiet_hours' | 'scheduled' | 'best_time' | 'escalation' }
  | {
      action: 'digest';
      /** When it was to close as this was decided: items that follow may move that. */
      until: string;
      reason: DigestReason;
      digestKey: string;
    }
  | {
      action: 'skip';
      reason: PlanReason;
      /** Of a `suppressed_address`: why it is suppressed. */
      detail?: SuppressionReason;
    };

export type ChannelDecisions = ByChannel<ChannelDecision>;

/** As stored with the notification and shown to whoever asks "why did I not get this?". */
export interface Plan {
  /** 1 for the first planning, one more for each planning after a wait, a recheck or an amendment. */
  sequence: number;
  decidedAt: string;
  channels: ChannelDecisions;
  /** The versions of templates that it is written with; built-in texts have none. */
  templates?: ChosenTemplates;
}
