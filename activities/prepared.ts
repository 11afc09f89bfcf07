import { LRUCache } from 'lru-cache';
import type { PlanningFacts } from './planning-facts.js';
import type { ChosenTemplates } from '../contracts/templates.js';
import type { Trigger } from '../contracts/trigger.js';

/** What planning read, kept for the first attempt that follows it in the same workflow task. */
export interface Prepared {
  facts: PlanningFacts;
  trigger: Trigger;
  createdAt: Date;
  recipientId: string;
  /** The versions that it was planned with. */
  templates: ChosenTemplates;
  /** Steps of the escalation that are taken. */
  escalations: number;
}

/** Bounded, and only a shortcut: what is not here is read again. */
export function preparedCache() {
  return new LRUCache<string, Prepared>({ max: 500, ttl: 5_000 });
}
export type PreparedCache = ReturnType<typeof preparedCache>;
