import { z } from 'zod';
import { providerFailures } from '../../contracts/alerts.js';
import { failureReasons } from '../../contracts/errors.js';
import type { Attempt } from '../../models/delivery-schema.js';
import type { ProviderHealthRow } from '../../models/provider-health.js';
import { iso } from './time.js';

const time = z.iso.datetime();

export const providerHealthView = z.object({
  status: z
    .enum(['up', 'down', 'unknown'])
    .describe(
      'down: sends wait for it. up: the latest send got an answer. unknown: nothing went through it of late, or the latest send failed by its fault',
    ),
  since: time.nullable().describe('since when it is down, or in doubt; null where that is not known'),
  waiting: z.number().int().describe('deliveries that wait for it'),
  lastSentAt: time.nullable().describe('of late'),
  lastFailure: z
    .object({ at: time, failureReason: z.enum(failureReasons), providerResponse: z.string().nullable() })
    .nullable()
    .describe('of late, by its fault: a wrong address or a refused content is not'),
});
export type ProviderHealthView = z.infer<typeof providerHealthView>;

/** What is known of one provider. */
export interface KnownOfProvider {
  /** Absent where it is in no trouble. */
  trouble: ProviderHealthRow | undefined;
  /** Its own of late, the latest first. */
  attempts: readonly Attempt[];
  waiting: number;
  /** When its credentials were stored: what was before says nothing of them. */
  changedAt: Date;
}

/** How a provider does, without addresses. */
export function showHealth({ trouble, attempts, waiting, changedAt }: KnownOfProvider): ProviderHealthView {
  const sent = attempts.find(({ outcome }) => outcome === 'sent');
  return {
    ...(trouble ? inTrouble(trouble) : { status: statusBy(attempts[0], changedAt), since: null }),
    waiting,
    lastSentAt: iso(sent && endOf(sent)),
    lastFailure: latest(
      trouble && failureOf(trouble.failedAt, trouble),
      attempts.filter(isItsFault).map((attempt) => failureOf(endOf(attempt), attempt))[0],
    ),
  };
}

function inTrouble(row: ProviderHealthRow): Pick<ProviderHealthView, 'status' | 'since'> {
  switch (row.state) {
    case 'down':
      return { status: 'down', since: iso(row.downSince) };
    case 'draining':
      return { status: 'up', since: null };
    case 'failing':
      return { status: 'unknown', since: iso(row.failingSince) };
  }
}

function statusBy(last: Attempt | undefined, changedAt: Date): ProviderHealthView['status'] {
  return last && last.at >= changedAt && !isItsFault(last) ? 'up' : 'unknown';
}

function isItsFault({ outcome, failureReason = 'unknown_error' }: Attempt): boolean {
  return outcome === 'failed' && providerFailures.has(failureReason);
}

function endOf({ at, durationMs = 0 }: Attempt): Date {
  return new Date(at.getTime() + durationMs);
}

function failureOf(
  at: Date,
  { failureReason = 'unknown_error', providerResponse }: Pick<Attempt, 'failureReason' | 'providerResponse'>,
): NonNullable<ProviderHealthView['lastFailure']> {
  return { at: at.toISOString(), failureReason, providerResponse: providerResponse ?? null };
}

function latest(
  one: ProviderHealthView['lastFailure'] | undefined,
  other: ProviderHealthView['lastFailure'] | undefined,
): ProviderHealthView['lastFailure'] {
  if (one && other) return one.at >= other.at ? one : other;
  return one ?? other ?? null;
}
