// A predictor of your own: everybody is reached best at lunch, in the inbox. docs/analytics.md tells what it is asked.
// CARILLON_PREDICTOR=./docs/examples/predictor.js

/** @type {import('../../contracts/predictor.js').Predictor} */
export const predictor = {
  name: 'lunch',
  predict: () => ({
    source: 'tenant',
    channel: 'in_app',
    hours: Array.from({ length: 24 }, (_, hour) => (hour === 12 ? 1 : 0)),
  }),
};
