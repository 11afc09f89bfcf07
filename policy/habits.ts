import type { ChannelName } from '../contracts/channels.js';
import { HOURS, type Habits, type Prediction, type Predictor } from '../contracts/predictor.js';

/** A person's own habits count from so many observations on; the tenant's from so many. */
export const ENOUGH_OF_PERSON = 5;
export const ENOUGH_OF_TENANT = 50;

/** Where a person's own habits count, the tenant's stand beside them as this many observations. */
const PRIOR = 3;

/** What is opened at one hour speaks, half as loudly, for those beside it. */
const BESIDE = 0.5;

/**
 * The predictor that Carillon brings: hours and channels by how much was opened, clicked and read, the person's own
 * where enough of it is known, else all people's of the tenant, else nothing. The same habits always give the same
 * answer.
 */
export const statisticalPredictor: Predictor = {
  name: 'statistical',
  predict({ own, tenant }): Prediction {
    const prior = tenant && tenant.observations >= ENOUGH_OF_TENANT ? tenant : undefined;
    if (own && own.observations >= ENOUGH_OF_PERSON) return answer('person', own, prior);
    return prior ? answer('tenant', prior, undefined) : { source: 'none' };
  },
};

function answer(source: 'person' | 'tenant', habits: Habits, prior: Habits | undefined): Prediction {
  const hours = withPrior(habits.hours, prior?.hours ?? []);
  const names = [
    ...new Set([...Object.keys(habits.channels), ...Object.keys(prior?.channels ?? {})]),
  ].sort() as ChannelName[];
  const weights = withPrior(
    names.map((name) => habits.channels[name] ?? 0),
    names.map((name) => prior?.channels[name] ?? 0),
  );
  const channel = names[weights.indexOf(Math.max(...weights))];
  return {
    source,
    hours: Array.from({ length: HOURS }, (_, hour) => {
      const at = (other: number) => hours[(other + HOURS) % HOURS] ?? 0;
      return at(hour) + BESIDE * (at(hour - 1) + at(hour + 1));
    }),
    ...(channel === undefined ? {} : { channel }),
  };
}

/** Weights with the prior's shares laid over them as {@link PRIOR} more observations. */
function withPrior(weights: readonly number[], prior: readonly number[]): number[] {
  const total = prior.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight, at) => weight + (total > 0 ? (PRIOR * (prior[at] ?? 0)) / total : 0));
}
