import type {
  AbandonRequest,
  DeliverRequest,
  PlanOutcome,
  PlanRequest,
  SettleOutcome,
  SettleRequest,
} from '../contracts/notification-run.js';
import type { DeliveryOutcome } from '../contracts/outcomes.js';

/** What workflows may call; `activities/` implements it. */
export interface NotificationActivities {
  plan(request: PlanRequest): Promise<PlanOutcome>;
  deliver(request: DeliverRequest): Promise<DeliveryOutcome>;
  settle(request: SettleRequest): Promise<SettleOutcome>;
  abandon(request: AbandonRequest): Promise<DeliveryOutcome>;
}
