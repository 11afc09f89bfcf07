import { describe, expect, it } from 'vitest';
import type { Habits, PredictionRequest } from '../../contracts/predictor.js';
import { ENOUGH_OF_PERSON, ENOUGH_OF_TENANT, statisticalPredictor } from '../../policy/habits.js';

const habits = (hour: number, observations: number, channel = 'email' as const): Habits => ({
  observations,
  hours: Array.from({ length: 24 }, (_, at) => (at === hour ? observations : 0)),
  channels: { [channel]: observations },
});
const predict = async (of: Pick<PredictionRequest, 'own' | 'tenant'>) => {
  const { hours, ...said } = await statisticalPredictor.predict({
    tenantId: 'acme',
    recipientId: 'u-1',
    nowMs: 0,
    timezone: 'UTC',
    ...of,
  });
  return { ...said, hour: hours?.indexOf(Math.max(...hours)) };
};

describe('the statistical predictor', () => {
  it('goes by the person’s own habits once enough of them is known', async () => {
    const own = habits(7, ENOUGH_OF_PERSON);
    expect(await predict({ own, tenant: habits(15, 1000) })).toEqual({
      source: 'person',
      hour: 7,
      channel: 'email',
    });
  });

  it('goes by the tenant’s people before that', async () => {
    const own = habits(7, ENOUGH_OF_PERSON - 1);
    expect(await predict({ own, tenant: habits(15, 1000) })).toMatchObject({ source: 'tenant', hour: 15 });
  });

  it('knows nothing of a tenant whose people have hardly opened anything', async () => {
    expect(await predict({ tenant: habits(15, ENOUGH_OF_TENANT - 1) })).toEqual({
      source: 'none',
      hour: undefined,
    });
  });

  it('lets the tenant’s people decide between hours that the person likes as well', async () => {
    const own = { ...habits(7, 6), hours: only({ 7: 3, 15: 3 }) };
    expect(await predict({ own, tenant: habits(15, 1000) })).toMatchObject({ source: 'person', hour: 15 });
  });

  it('takes an hour among others that are used for better than one that stands alone', async () => {
    const own = { ...habits(0, 7), hours: only({ 8: 2, 9: 2, 10: 2, 20: 2.5 }) };
    expect(await predict({ own })).toMatchObject({ hour: 9 });
  });

  it('treats midnight as beside the hour before it', async () => {
    const own = { ...habits(0, 7), hours: only({ 23: 2, 0: 2, 1: 2, 12: 2.5 }) };
    expect(await predict({ own })).toMatchObject({ hour: 0 });
  });
});

function only(weights: Record<number, number>): number[] {
  return Array.from({ length: 24 }, (_, hour) => weights[hour] ?? 0);
}
