import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { describe, expect, it, vi } from 'vitest';
import { ErrorReports, sinkOf, type ErrorContext } from '../../runtime/error-reports.js';
import { inLogContext } from '../../runtime/log-context.js';
import { Metrics } from '../../runtime/metrics/metrics.js';
import { isOurs } from '../../worker/activity-interceptors.js';

function reporting(sink?: (error: Error, context: ErrorContext) => unknown) {
  const warn = vi.fn();
  const metrics = new Metrics();
  const errors = new ErrorReports({ log: { warn }, metrics, sink, process: 'api' });
  return { errors, warn, metrics };
}

describe('an error of our own', () => {
  it('is told with where it happened, and without addresses', async () => {
    const told: { error: Error; context: ErrorContext }[] = [];
    const { errors } = reporting((error, context) => told.push({ error, context }));
    const error = new Error('no way to ann@example.com', { cause: new Error('ck_secret_key_of_somebody') });
    inLogContext({ requestId: 'r-1' }, () => errors.report(error, { where: 'request', route: '/v1/me' }));
    await errors.flush(1000);
    expect(told[0]?.context).toEqual({ where: 'request', process: 'api', requestId: 'r-1', route: '/v1/me' });
    expect(told[0]?.error.message).toBe('no way to [redacted]');
    expect(told[0]?.error.stack).not.toContain('ann@example.com');
    expect((told[0]?.error.cause as Error).message).toBe('[redacted]');
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no network');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no network'))],
  ])('harms nobody when the sink %s', async (_what, sink) => {
    const { errors, warn } = reporting(sink);
    expect(() => errors.report(new Error('ours'), { where: 'process' })).not.toThrow();
    await errors.flush(1000);
    expect(warn).toHaveBeenCalledWith({ err: new Error('no network') }, 'the error sink failed');
  });

  it('is told no more than sixty times in a minute; the rest is counted', async () => {
    let told = 0;
    const { errors, metrics } = reporting(() => (told += 1));
    for (let number = 0; number < 100; number++) errors.report(new Error('again'), { where: 'activity' });
    await errors.flush(1000);
    expect(told).toBe(60);
    const text = await metrics.text();
    expect(text).toContain('carillon_errors_reported_total{outcome="told"} 60');
    expect(text).toContain('carillon_errors_reported_total{outcome="dropped"} 40');
  });

  it('does not hold up an end for long', async () => {
    const { errors } = reporting(() => new Promise(() => undefined));
    errors.report(new Error('ours'), { where: 'process' });
    const beganMs = performance.now();
    await errors.flush(20);
    expect(performance.now() - beganMs).toBeLessThan(1000);
  });

  it('may be something that is no error', async () => {
    const told: Error[] = [];
    const { errors } = reporting((error) => told.push(error));
    errors.report('bob@example.com was refused', { where: 'process' });
    await errors.flush(1000);
    expect(told[0]?.message).toBe('[redacted] was refused');
  });
});

it('a module without a function "report" is refused', () => {
  expect(() => sinkOf({ default: () => undefined })).toThrow('exports no function "report"');
  expect(sinkOf({ report: String })).toBe(String);
});

describe('of what activities throw', () => {
  it.each([
    ['a provider’s failure', ApplicationFailure.create({ type: 'provider_error' }), false],
    ['a refused address', ApplicationFailure.create({ type: 'invalid_recipient' }), false],
    ['the end of a worker', ApplicationFailure.create({ type: 'interrupted' }), false],
    ['a cancelled one', new CancelledFailure('cancelled'), false],
    ['MongoDB being away', new Error('no server'), true],
    ['a failure of no known type', ApplicationFailure.create({ type: 'something' }), true],
    ['a programming mistake', new TypeError('x is not a function'), true],
  ])('%s is ours: %s', (_what, error, expected) => {
    expect(isOurs(error)).toBe(expected);
  });
});
