import type { Cadence } from '../../client/shapes.js';

export const cadences: readonly Cadence[] = ['immediate', 'hourly', 'daily', 'weekly'];
