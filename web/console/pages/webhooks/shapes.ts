// What the API says of webhook endpoints.

export interface Endpoint {
  id: string;
  url: string;
  description: string | null;
  events: string[];
  enabled: boolean;
  headers: Record<string, string>;
  state: 'active' | 'failing' | 'disabled';
  disabledReason: 'by_hand' | 'gone' | 'failing' | null;
  disabledAt: string | null;
  failingSince: string | null;
  secrets: { until: string | null }[];
  problem: string | null;
  createdAt: string;
}

export interface EndpointWithSecret extends Endpoint {
  secret: string;
}

export interface WebhookAttempt {
  id: string;
  eventId: string;
  eventType: string;
  kind: 'first' | 'retry' | 'replay' | 'test';
  attempt: number;
  at: string;
  durationMs: number;
  outcome: 'delivered' | 'failed';
  status: number | null;
  response: string | null;
  nextAttemptAt: string | null;
}

export interface Replay {
  id: string;
  status: 'running' | 'completed' | 'cancelled' | 'failed';
  from: string;
  to: string;
  counts: { total: number; delivered: number; failed: number };
  createdAt: string;
  temporalUrl: string | null;
}

/** What an endpoint can hear of, by family. */
export const eventTypes: Readonly<Record<string, readonly string[]>> = {
  notification: [
    ...['planned', 'held', 'digesting', 'sent', 'partial', 'failed', 'cancelled', 'suppressed', 'expired'],
    'read',
  ],
  delivery: [
    ...['sent', 'delivered', 'bounced', 'opened', 'clicked', 'replied', 'failed', 'parked', 'skipped'],
    ...['cancelled', 'expired'],
  ],
  provider: ['down', 'recovered'],
};

export const endpointTones = { active: 'good', failing: 'waiting', disabled: '' } as const;

export function endpointPath(id: string, what = ''): string {
  return `/v1/webhooks/${encodeURIComponent(id)}${what}`;
}
