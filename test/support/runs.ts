import { randomBytes } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { ChannelName } from '../../contracts/channels.js';
import type { NotificationStatus } from '../../contracts/statuses.js';
import type { notification } from '../../workflows/notification.js';
import { eventually, type ApiAnswer, type Engine } from './engine.js';
import type { ReceivedMail } from './smtp-server.js';

/** Somebody with an inbox and an address of their own, so that tests tell their mails apart. */
export interface Person {
  id: string;
  email: string;
  /** What was accepted for them so far, oldest first. */
  mails(): ReceivedMail[];
}

const MINUTE_MS = 60_000;

export async function addPerson(engine: Engine, fields: { timezone?: string } = {}): Promise<Person> {
  const id = `u-${randomBytes(5).toString('hex')}`;
  const email = `${id}@example.com`;
  await accepted(engine.api('PUT', `/v1/subscribers/${id}`, { email, ...fields }));
  return { id, email, mails: () => engine.smtp.mails.filter(({ envelope }) => envelope.to.includes(email)) };
}

/** Quiet hours, in UTC, from `fromMs` until `untilMs`, less than a day apart, every day. */
export function quietBetween(fromMs: number, untilMs: number) {
  const timeOfDay = (ms: number) => new Date(ms).toISOString().slice(11, 16);
  return { timezone: 'UTC', windows: [{ start: timeOfDay(fromMs), end: timeOfDay(untilMs) }] };
}

/** Makes it quiet for the person from a minute before `nowMs` until `hours` later, give or take a minute. */
export async function makeQuiet(engine: Engine, person: Person, nowMs: number, hours: number): Promise<void> {
  await prefer(engine, person, {
    quietHours: quietBetween(nowMs - MINUTE_MS, nowMs + hours * 60 * MINUTE_MS),
  });
}

export async function prefer(engine: Engine, person: Person, change: object): Promise<void> {
  await accepted(engine.api('PATCH', `/v1/subscribers/${person.id}/preferences`, change));
}

/** A trigger of `approval_request` for the person, which goes to the inbox and by mail, with what a test changes. */
export function request(person: Person, changes: Record<string, unknown> = {}) {
  return {
    type: 'approval_request',
    to: { recipient: person.id },
    data: { contract: { title: 'NDA with Acme' }, requester: 'Ann' },
    ...changes,
  };
}

export async function notify(
  engine: Engine,
  person: Person,
  changes: Record<string, unknown> = {},
): Promise<Run> {
  const { body } = await accepted(engine.api('POST', '/v1/notifications', request(person, changes)));
  return new Run(engine, (body as { id: string }).id, (body as { workflowId: string }).workflowId);
}

/** One notification and its run, as the API and Temporal show them. */
export class Run {
  readonly handle: WorkflowHandle<typeof notification>;

  constructor(
    private readonly engine: Engine,
    readonly id: string,
    readonly workflowId: string,
  ) {
    this.handle = engine.client.workflow.getHandle(workflowId);
  }

  /** `GET /v1/notifications/{id}` */
  // Tests read what they are about.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async view(): Promise<any> {
    return (await accepted(this.engine.api('GET', `/v1/notifications/${this.id}`))).body;
  }

  /** Its delivery on a channel, as the view has it; undefined when there is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async delivery(channel: ChannelName = 'email'): Promise<any> {
    const { deliveries } = (await this.view()) as { deliveries: { channel: ChannelName }[] };
    return deliveries.find((delivery) => delivery.channel === channel);
  }

  /** Resolves with the view once the notification has this status. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  untilStatus(status: NotificationStatus): Promise<any> {
    return eventually(
      `status ${status}`,
      () => this.view(),
      (view: { status: string }) => view.status === status,
    );
  }

  /** Resolves with the mail's delivery once so many attempts at it have ended. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  untilAttempts(count: number): Promise<any> {
    return eventually(
      `${count} attempts`,
      () => this.delivery(),
      (delivery: { attempts: { outcome: string }[] } | undefined) =>
        delivery?.attempts.filter(({ outcome }) => outcome !== 'started').length === count,
    );
  }

  tell(word: 'cancel' | 'expedite' | 'acknowledge', body?: object): Promise<ApiAnswer> {
    return this.engine.api('POST', `/v1/notifications/${this.id}/${word}`, body);
  }

  amend(body: object): Promise<ApiAnswer> {
    return this.engine.api('PATCH', `/v1/notifications/${this.id}`, body);
  }

  /** The history's event types in order, e.g. `WORKFLOW_EXECUTION_STARTED`. */
  async events(): Promise<string[]> {
    const { events } = await this.handle.fetchHistory();
    const names = proto.temporal.api.enums.v1.EventType;
    return (events ?? []).map(({ eventType }) => String(names[eventType ?? 0]).replace('EVENT_TYPE_', ''));
  }

  /** Resolves once Temporal knows that so many attempts of the regular activity have failed, and waits for the next. */
  async untilActivityFailures(count: number): Promise<void> {
    await eventually(
      `${count} failures of the activity`,
      async () => (await this.handle.describe()).raw.pendingActivities?.[0]?.attempt,
      (attempt) => attempt === count + 1,
    );
  }

  /** Resolves once the history holds an event of this type. */
  async untilEvent(name: string): Promise<void> {
    await eventually(
      `event ${name}`,
      () => this.events(),
      (events) => events.includes(name),
    );
  }
}

async function accepted(call: Promise<ApiAnswer>): Promise<ApiAnswer> {
  const answer = await call;
  if (answer.status >= 300) throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}
