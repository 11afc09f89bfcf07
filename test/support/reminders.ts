import type { WorkflowHandle } from '@temporalio/client';
import { reminderWorkflowId } from '../../contracts/ids.js';
import type { reminder } from '../../workflows/reminder.js';
import { eventually, type ApiAnswer, type Engine } from './engine.js';
import { Run, type Person } from './runs.js';

/** `GET /v1/reminders/{key}`, as tests read it. */
export interface ReminderAnswer {
  key: string;
  status: string;
  dueAt: string;
  next: { offset: string; at: string } | null;
  sent: { offset: string; dueAt: string; notificationId: string }[];
}

/** What a reminder of an expiring contract asks for. */
export function reminding(person: Person, dueAtMs: number, changes: Record<string, unknown> = {}) {
  return {
    dueAt: new Date(dueAtMs).toISOString(),
    offsets: ['P30D', 'P7D', 'P1D'],
    notification: {
      type: 'contract_expiring',
      to: { recipient: person.id },
      data: { contract: { title: 'NDA with Acme' } },
      related: { type: 'contract', id: person.id },
    },
    ...changes,
  };
}

/** Makes the reminder of a person's contract. @throws when it is not accepted. */
export async function remind(
  engine: Engine,
  person: Person,
  dueAtMs: number,
  changes?: Record<string, unknown>,
): Promise<Reminder> {
  const key = `contract/${person.id}`;
  const answer = await engine.api('POST', '/v1/reminders', { key, ...reminding(person, dueAtMs, changes) });
  if (answer.status !== 201) throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return new Reminder(engine, person, key);
}

/** One reminder and its run, as the API and Temporal show them. */
export class Reminder {
  readonly handle: WorkflowHandle<typeof reminder>;
  private readonly path: string;

  constructor(
    private readonly engine: Engine,
    private readonly person: Person,
    readonly key: string,
  ) {
    this.handle = engine.client.workflow.getHandle(reminderWorkflowId({ tenantId: 'acme', key }));
    this.path = `/v1/reminders/${encodeURIComponent(key)}`;
  }

  async view(): Promise<ReminderAnswer> {
    return (await this.engine.api('GET', this.path)).body as ReminderAnswer;
  }

  move(dueAtMs: number, changes?: Record<string, unknown>): Promise<ApiAnswer> {
    return this.engine.api('PUT', this.path, reminding(this.person, dueAtMs, changes));
  }

  withdraw(): Promise<ApiAnswer> {
    return this.engine.api('DELETE', this.path);
  }

  complete(): Promise<ApiAnswer> {
    return this.engine.api('POST', `${this.path}/complete`);
  }

  /** Resolves with the offsets that were sent once there are so many. */
  async untilSent(count: number): Promise<string[]> {
    const { sent } = await eventually(
      `${count} sent`,
      () => this.view(),
      (view) => view.sent.length >= count,
    );
    return sent.map(({ offset }) => offset);
  }

  /** The notifications that it sent, oldest first. */
  async sent(): Promise<Run[]> {
    const { sent } = await this.view();
    return sent.map(({ notificationId: id }) => new Run(this.engine, id, `notification/acme/${id}`));
  }
}
