import type { ChannelName } from './channels.js';

export const severities = ['info', 'success', 'warning', 'error'] as const;
export type Severity = (typeof severities)[number];

/** What the engine knows of a type before anything is rendered. */
export interface NotificationType {
  /** e.g. `approval_request` */
  name: string;
  /** e.g. `contracts`: what people switch on and off together. */
  category: string;
  severity: Severity;
  /** A name from the icon set that the inbox draws, e.g. `check-circle`. */
  icon: string;
  /** `#rrggbb` */
  color: string;
  /** Channels asked for when the trigger names none. */
  defaultChannels: readonly ChannelName[];
  /** True where preferences, quiet hours and throttles may be passed. */
  critical: boolean;
  /** True where the caller must bring `content` (type `direct`). */
  contentRequired: boolean;
}
