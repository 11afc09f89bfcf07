import { CarillonError } from '../../contracts/errors.js';
import type { StepOutcome } from '../../contracts/inbound-events.js';
import { stopByKey } from '../../commands/notifications/stop-by-key.js';
import { withdrawRelated } from '../../commands/notifications/withdraw-related.js';
import { endReminder } from '../../commands/reminders/end.js';
import { moveReminder } from '../../commands/reminders/move.js';
import { triggerAny } from '../../commands/trigger/trigger-any.js';
import type { InboundDependencies } from './dependencies.js';
import type { ReadyStep } from './steps.js';

/** For whom a step is done. */
export interface Doing {
  tenantId: string;
  /** For timelines: `event:evt_…`. */
  actor: string;
  /** Told from time to time in long steps. */
  onProgress?: () => Promise<void>;
}

type Done = Omit<StepOutcome, 'rule' | 'do'>;

/**
 * Does one step. Doing it again does nothing more.
 * @throws whatever says that Temporal or MongoDB is away, or a fault of ours; what cannot be done is an outcome.
 */
export async function perform(deps: InboundDependencies, step: ReadyStep, doing: Doing): Promise<Done> {
  try {
    return await doStep(deps, step, doing);
  } catch (error) {
    if (!(error instanceof CarillonError) || ours.includes(error.code)) throw error;
    // The key was used before, by this event or another: its first request is what counts.
    if (error.code === 'conflict' && step.do === 'trigger') return { status: 'duplicate' };
    const { code, detail, errors } = error;
    return { status: 'refused', error: { code, detail, ...(errors ? { errors: [...errors] } : {}) } };
  }
}

const ours: readonly string[] = ['unavailable', 'internal'];

async function doStep(deps: InboundDependencies, step: ReadyStep, doing: Doing): Promise<Done> {
  const { tenantId, actor } = doing;
  switch (step.do) {
    case 'trigger': {
      // Who makes rules is an administrator, and may reach everybody.
      const started = await triggerAny(deps, tenantId, step.trigger, { actor, may: () => true });
      return {
        status: started.duplicate ? 'duplicate' : 'accepted',
        ...('broadcastId' in started
          ? { broadcastId: started.broadcastId }
          : { notificationId: started.notificationId }),
      };
    }
    case 'cancel':
    case 'acknowledge': {
      const as = step.do === 'cancel' ? 'cancelled' : 'acknowledged';
      const count = await stopByKey(deps, tenantId, step.key, { by: actor, reason: 'an event', as });
      return { status: count > 0 ? 'done' : 'nothing', count };
    }
    case 'moveReminder': {
      const { key, dueAt, made } = step;
      const isThere = await moveReminder(deps, tenantId, key, { dueAt, made }, actor);
      return { status: isThere ? 'done' : 'nothing' };
    }
    case 'completeReminder':
    case 'withdrawReminder': {
      const as = step.do === 'completeReminder' ? 'completed' : 'withdrawn';
      return endIfThere(deps, step.key, { ...doing, as });
    }
    case 'withdrawRelated': {
      const { related, recipient: recipientId } = step;
      const counts = await withdrawRelated(deps, tenantId, {
        related,
        ...(recipientId === undefined ? {} : { recipientId }),
        by: actor,
        ...(doing.onProgress ? { onPage: doing.onProgress } : {}),
      });
      const count = counts.cancelled + counts.retracted + counts.reminders;
      return { status: count > 0 ? 'done' : 'nothing', count };
    }
  }
}

async function endIfThere(
  deps: InboundDependencies,
  key: string,
  { tenantId, actor, as }: Doing & { as: 'completed' | 'withdrawn' },
): Promise<Done> {
  try {
    await endReminder(deps, tenantId, key, { as, by: actor });
    return { status: 'done' };
  } catch (error) {
    if (error instanceof CarillonError && error.code === 'not_found') return { status: 'nothing' };
    throw error;
  }
}
