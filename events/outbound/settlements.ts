import type { OutboundEventRow } from '../../models/outbound-events.js';
import type { WebhookAttemptRow } from '../../models/webhook-attempts.js';
import type { AttemptDependencies } from './attempt.js';

/** Attempts that ended within so long are recorded together. */
const TOGETHER_MS = 50;
const RETRY_MS = 1_000;

interface Settled {
  row: OutboundEventRow;
  endpoint: string;
  attempt: Omit<WebhookAttemptRow, '_id'>;
}

/**
 * Records first attempts that have ended: the attempt, and that the event does not wait for the endpoint any more. While
 * the database is away they are kept; a crash then has them made again.
 */
export class Settlements {
  private waiting: Settled[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly deps: Pick<AttemptDependencies, 'models' | 'log'>,
    private readonly onRecorded: (row: OutboundEventRow, endpoint: string) => void,
  ) {}

  add(row: OutboundEventRow, endpoint: string, attempt: Settled['attempt']): void {
    this.waiting.push({ row, endpoint, attempt });
    this.timer ??= setTimeout(() => void this.flush(), TOGETHER_MS);
  }

  /** Resolves when all that was added is recorded, or could not be. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.write());
    await this.writing;
  }

  private async write(): Promise<void> {
    const settled = this.waiting;
    if (settled.length === 0) return;
    this.waiting = [];
    const { webhookAttempts, outboundEvents } = this.deps.models;
    try {
      await outboundEvents.settle(settled.map(({ row, endpoint }) => ({ _id: row._id, endpoint })));
      await webhookAttempts.insert(settled.map(({ attempt }) => attempt));
      for (const { row, endpoint } of settled) this.onRecorded(row, endpoint);
    } catch (error) {
      this.deps.log.warn({ attempts: settled.length, err: error }, 'attempts not recorded; trying again');
      this.waiting.unshift(...settled);
      this.timer ??= setTimeout(() => void this.flush(), RETRY_MS);
    }
  }
}
