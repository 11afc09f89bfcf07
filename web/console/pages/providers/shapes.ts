// What the API says of providers.
import type { Page } from '../../calls/api.js';
import type { ChannelState } from '../../calls/shapes.js';

export interface Provider {
  channel: string;
  provider: string;
  credentials: Record<string, unknown>;
  problem: string | null;
  updatedAt: string;
  health: {
    status: 'up' | 'down' | 'unknown';
    since: string | null;
    waiting: number;
    lastSentAt: string | null;
    lastFailure: { at: string; failureReason: string; providerResponse: string | null } | null;
  };
}

export interface Field {
  name: string;
  kind: 'text' | 'number' | 'flag' | 'choice' | 'json';
  choices?: string[];
  isRequired: boolean;
  isSecret: boolean;
}

/** `GET /v1/tenant/channels/{channel}/known` */
export type Known = Page<{ provider: string; fields: Field[] }>;

export type Verified = { ok: true; note?: string } | { ok: false; reason: string; detail: string };

/** A channel with the tenant's own providers in full. */
export interface Channel extends ChannelState {
  providers: Provider[];
}

/** The address of a provider in the API. */
export function providerPath(channel: string, provider: string): string {
  return `/v1/tenant/channels/${encodeURIComponent(channel)}/providers/${encodeURIComponent(provider)}`;
}

/** A field's value as it is read, or edited. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
