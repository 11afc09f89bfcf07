import { describe, expect, it, vi } from 'vitest';
import type { Predictor } from '../../contracts/predictor.js';
import { deploymentPredictor, predictorIn } from '../../policy/deployment-predictor.js';

const asked = { tenantId: 'acme', recipientId: 'u-1', nowMs: 0, timezone: 'UTC' };
const hours = Array.from({ length: 24 }, (_, hour) => hour);
const load =
  (exports: Record<string, unknown>) =>
  (_variable: string, names: readonly string[], take: (one: Record<string, unknown>) => void) => {
    if (names.length > 0) take(exports);
    return Promise.resolve();
  };
const own = (predict: unknown) => load({ predictor: { name: 'own', predict } });
const settings = { CARILLON_PREDICTOR: './own.js' };

describe('the deployment’s predictor', () => {
  it('is the statistical one where none is named', async () => {
    expect((await deploymentPredictor({}, own(undefined), vi.fn())).name).toBe('statistical');
  });

  it('is its own, whose answer is taken', async () => {
    const answer = { source: 'person', hours, channel: 'email' } as const;
    const predictor = await deploymentPredictor(
      settings,
      own(() => answer),
      vi.fn(),
    );
    expect(predictor.name).toBe('own');
    expect(await predictor.predict(asked)).toEqual(answer);
  });

  it.each<[string, Predictor['predict']]>([
    ['fails', () => Promise.reject(new Error('away'))],
    ['answers what is no prediction', () => ({ source: 'person', hours: [1] })],
    ['does not answer', () => new Promise(() => undefined)],
  ])('is stood in for where it %s', async (_what, predict) => {
    const onFailure = vi.fn();
    const predictor = await deploymentPredictor(settings, own(predict), onFailure);
    expect(await predictor.predict(asked)).toEqual({ source: 'none' });
    expect(onFailure).toHaveBeenCalledOnce();
  });

  it.each([
    ['nothing', {}, 'exports no predictor'],
    ['one without a name', { default: { predict: () => undefined } }, 'name must be a text'],
    ['one that cannot predict', { default: { name: 'own' } }, 'predict must be a function'],
  ])('is refused where its module exports %s', (_what, exports, message) => {
    expect(() => predictorIn(exports)).toThrow(message);
  });
});
