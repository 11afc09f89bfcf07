import { z } from 'zod';
import { channelName, type ByChannel } from './channels.js';

/** Hours of a day. */
export const HOURS = 24;

/**
 * When and where somebody opens, clicks and reads. Each time counts 1 (a click or a reply 2) on its day, and half as
 * much 60 days later.
 */
export interface Habits {
  /** How often something was opened, clicked or replied to, however long ago. */
  observations: number;
  /** By hour of the local day, 0 to 23. */
  hours: readonly number[];
  channels: ByChannel<number>;
}

/** What a predictor is asked, about one person at one time. */
export interface PredictionRequest {
  tenantId: string;
  recipientId: string;
  nowMs: number;
  /** The person's zone, else the tenant's. */
  timezone: string;
  /** Absent for a person of whom nothing is known, or who does not want it to be. */
  own?: Habits;
  /** Of all the tenant's people together; absent while nothing is known. */
  tenant?: Habits;
}

/** What a predictor answers. */
export const prediction = z.object({
  /** How well each hour of the local day suits, 0 to 23; the higher the better. Absent: no hour is better than now. */
  hours: z.array(z.number().min(0)).length(HOURS).optional(),
  /** Where the person is reached best. */
  channel: channelName.optional(),
  /** Whose habits it rests on. */
  source: z.enum(['person', 'tenant', 'none']),
});
export type Prediction = z.infer<typeof prediction>;

/** Says when and where a person is reached best. A deployment may bring its own: `CARILLON_PREDICTOR`. */
export interface Predictor {
  /** For the insights that the API shows. */
  readonly name: string;
  predict(request: PredictionRequest): Prediction | Promise<Prediction>;
}
