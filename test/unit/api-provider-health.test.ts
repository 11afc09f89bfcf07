import { describe, expect, it } from 'vitest';
import { providerHealthView, showHealth, type KnownOfProvider } from '../../api/views/provider-health.js';
import type { Attempt } from '../../models/delivery-schema.js';
import type { ProviderHealthRow } from '../../models/provider-health.js';

const at = (minute: number) => new Date(Date.UTC(2026, 11, 1, 8, minute));
const iso = (minute: number) => at(minute).toISOString();

function attempt(minute: number, changes: Partial<Attempt> = {}): Attempt {
  return { at: at(minute), provider: 'smtp', kind: 'first', outcome: 'sent', ...changes };
}
const failed = (minute: number, failureReason: Attempt['failureReason']) =>
  attempt(minute, { outcome: 'failed', failureReason, providerResponse: 'its words' });

function trouble(state: ProviderHealthRow['state'], changes: Partial<ProviderHealthRow> = {}) {
  return {
    _id: 'a/email/smtp',
    tenantId: 'a',
    provider: 'email/smtp',
    state,
    failing: ['n-1'],
    failingSince: at(10),
    ...(state === 'failing' ? {} : { downSince: at(12) }),
    failureReason: 'network_error' as const,
    failedAt: at(14),
    watchedAt: at(14),
    ...changes,
  };
}

function health(known: Partial<KnownOfProvider>) {
  const shown = showHealth({ trouble: undefined, attempts: [], waiting: 0, changedAt: at(0), ...known });
  return providerHealthView.strict().parse(shown);
}

describe('the status of a provider', () => {
  it.each<[string, Partial<KnownOfProvider>, string, string | null]>([
    ['it was never used', {}, 'unknown', null],
    ['the latest send went through', { attempts: [attempt(5), failed(4, 'network_error')] }, 'up', null],
    ['it refused an address, and so answered', { attempts: [failed(5, 'invalid_recipient')] }, 'up', null],
    [
      'the latest send failed by its fault',
      { attempts: [failed(5, 'auth_error'), attempt(4)] },
      'unknown',
      null,
    ],
    [
      'nothing was sent since its credentials changed',
      { attempts: [attempt(5)], changedAt: at(6) },
      'unknown',
      null,
    ],
    ['a few could not use it', { trouble: trouble('failing') }, 'unknown', iso(10)],
    [
      'so many could not that sends wait',
      { trouble: trouble('down'), attempts: [attempt(5)] },
      'down',
      iso(12),
    ],
    ['it answers again', { trouble: trouble('draining') }, 'up', null],
  ])('where %s', (_when, known, status, since) => {
    expect(health(known)).toMatchObject({ status, since });
  });
});

describe('the latest failure of a provider', () => {
  it('is none of the address or of the content', () => {
    expect(health({ attempts: [failed(5, 'invalid_recipient'), failed(4, 'content_error')] })).toMatchObject({
      lastFailure: null,
      lastSentAt: null,
    });
  });

  it('stays after sends that went through, with the provider’s words', () => {
    const attempts = [attempt(7, { durationMs: 1_000 }), attempt(6), failed(5, 'auth_error')];
    expect(health({ attempts })).toMatchObject({
      lastSentAt: '2026-12-01T08:07:01.000Z',
      lastFailure: { at: iso(5), failureReason: 'auth_error', providerResponse: 'its words' },
    });
  });

  it('is the latest look in vain while it is down', () => {
    const attempts = [failed(12, 'network_error')];
    expect(health({ trouble: trouble('down'), attempts, waiting: 3 })).toMatchObject({
      waiting: 3,
      lastFailure: { at: iso(14), failureReason: 'network_error', providerResponse: null },
    });
  });

  it('is a send where that came after the latest look', () => {
    const found = health({ trouble: trouble('down'), attempts: [failed(15, 'provider_error')] });
    expect(found.lastFailure).toMatchObject({ at: iso(15), failureReason: 'provider_error' });
  });
});
