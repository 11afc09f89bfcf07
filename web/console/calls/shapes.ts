// What the API answers, as far as the console shows it.

export interface Attempt {
  at: string;
  durationMs: number | null;
  provider: string;
  outcome: 'started' | 'interrupted' | 'sent' | 'failed';
  failureReason?: string;
  providerResponse?: string;
}

export interface Delivery {
  id: string;
  notificationId: string;
  recipient: string;
  type: string;
  channel: string;
  target: string;
  status: string;
  provider: string;
  retryCount: number;
  failureReason: string | null;
  reason: string | null;
  providerMessageId: string | null;
  attempts: Attempt[];
  createdAt: string;
  sentAt: string | null;
  deliveredAt: string | null;
  openedAt: string | null;
  clickedAt: string | null;
  repliedAt: string | null;
  nextAttemptAt: string | null;
}

export interface Decision {
  action: 'send' | 'hold' | 'digest' | 'skip';
  until?: string;
  reason?: string;
  detail?: string;
  digestKey?: string;
}

export interface Notification {
  id: string;
  type: string;
  severity: string;
  recipient: string;
  status: string;
  priority: string;
  title: string | null;
  createdAt: string;
  sendAt: string | null;
  expiresAt: string | null;
  heldUntil: string | null;
  readAt: string | null;
  waits: { channel: string; action: 'hold' | 'digest'; until: string; reason: string }[];
}

/** A notification with its whole story. */
export interface Story extends Notification {
  message: string | null;
  data: Record<string, unknown>;
  actor: string | null;
  related: { type: string; id: string } | null;
  actionUrl: string | null;
  plan: {
    sequence: number;
    decidedAt: string | null;
    channels: Record<string, Decision>;
    templates: Record<string, string>;
  };
  deliveries: Delivery[];
  timeline: { at: string; event: string; detail?: string }[];
  workflowId: string;
  temporalUrl: string | null;
}

/** `GET /v1/tenant/channels` */
export interface ChannelState {
  channel: string;
  known: string[];
  own: string[];
  deployment: string[];
  down: { provider: string; since: string | null; waiting: number }[];
}

/** `GET /v1/backlog` */
export interface Backlog {
  notifications: { held: number; digesting: number; sending: number };
  deliveries: { retrying: number; parked: number };
  cap: number;
}

export interface FailurePattern {
  failure_reason: string;
  channel: string;
  provider: string;
  count: number;
  share: number;
}

/** `GET /v1/analytics` */
export interface Figures {
  from: string;
  to: string;
  as_of: string | null;
  total_sent: number;
  total_failed: number;
  success_rate: number | null;
  average_latency_ms: number | null;
  latency_ms: { p50: number | null; p95: number | null; p99: number | null };
  failure_patterns: FailurePattern[];
}

export type BroadcastCount =
  'sent' | 'partial' | 'held' | 'digesting' | 'inFlight' | 'suppressed' | 'failed' | 'cancelled' | 'expired';

export interface Broadcast {
  id: string;
  name: string;
  type: string;
  status: string;
  total: number | null;
  processed: number;
  counts: Record<BroadcastCount, number>;
  ratePerSecond: number | null;
  secondsLeft: number | null;
  createdAt: string;
  sendAt: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  temporalUrl: string | null;
}

export interface Digest {
  id: string;
  recipient: string;
  digestKey: string;
  status: string;
  itemCount: number;
  openedAt: string;
  closesAt: string;
  items: { id: string; type: string; title: string; channels: string[]; addedAt: string }[];
  temporalUrl: string | null;
}

export interface Redrive {
  id: string;
  status: string;
  filter: Record<string, string>;
  perSecond: number;
  counts: { matched: number; queued: number; started: number; skipped: number };
  results: { underWay: number; sent: number; failed: number; notSent: number };
  createdBy: string;
  createdAt: string;
  finishedAt: string | null;
  temporalUrl: string | null;
}
