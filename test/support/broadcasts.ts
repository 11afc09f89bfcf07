import type { WorkflowHandle } from '@temporalio/client';
import {
  finalBroadcastStatuses,
  type BroadcastCounts,
  type BroadcastStatus,
} from '../../contracts/broadcasts.js';
import type { BroadcastInput } from '../../contracts/broadcast-run.js';
import { broadcastWorkflowId } from '../../contracts/ids.js';
import type { broadcast } from '../../workflows/broadcast.js';
import { eventually, type ApiAnswer, type ApiCaller, type Engine } from './engine.js';

/** Pages and chunks so small that a few people fill several, one after the other. */
export const smallPages = { CARILLON_BULK_PAGE: '10', CARILLON_BULK_CHUNK: '4', CARILLON_BULK_LANES: '1' };

/** The same side by side. */
export const smallLanes = { ...smallPages, CARILLON_BULK_LANES: '3' };

/** What goes to the inbox and by mail, whoever it is said to. */
export const news = {
  type: 'system',
  content: {
    in_app: { title: 'News for {{ name }}', message: 'Something happened' },
    email: { subject: 'News for {{ name }}', text: 'Something happened' },
  },
  data: { name: 'all' },
};

/** `prefix-01`, `prefix-02` … in byte order. */
export function ids(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}-${String(at + 1).padStart(3, '0')}`);
}

export const addressOf = (id: string) => `${id}@example.com`;

/** People with an inbox and an address of their own each. */
export async function addPeople(
  { api }: Pick<Engine, 'api'>,
  people: readonly string[],
  fields: object = {},
): Promise<void> {
  for (let from = 0; from < people.length; from += 20) {
    const some = people.slice(from, from + 20).map(async (id) => {
      const { status, body } = await api('PUT', `/v1/subscribers/${encodeURIComponent(id)}`, {
        email: addressOf(id),
        ...fields,
      });
      if (status >= 300) throw new Error(`${id}: ${JSON.stringify(body)}`);
    });
    await Promise.all(some);
  }
}

/** Something that is let happen later. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** To whom mails were accepted, sorted; those of one prefix. */
export function mailedTo({ smtp }: Pick<Engine, 'smtp'>, prefix: string): string[] {
  const all = smtp.mails.flatMap(({ envelope }) => envelope.to);
  return all.filter((address) => address.startsWith(prefix)).sort();
}

export const sumOf = (counts: Partial<BroadcastCounts>) =>
  Object.values(counts).reduce((one, other) => one + other, 0);

/** `GET /v1/broadcasts/{id}`, as tests read it. */
export interface BroadcastAnswer {
  id: string;
  status: BroadcastStatus;
  total: number | null;
  processed: number;
  counts: BroadcastCounts;
  [field: string]: unknown;
}

type Caller = Pick<Engine, 'api' | 'client'>;

/** Creates a broadcast of {@link news}. @throws when it is not accepted. */
export async function broadcastTo(engine: Caller, request: object, tenantId = 'acme'): Promise<Broadcast> {
  const answer = await create(engine.api, request);
  if (answer.status > 202) throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return new Broadcast(engine, tenantId, (answer.body as { id: string }).id);
}

export function create(
  api: ApiCaller,
  request: object,
  options?: Parameters<ApiCaller>[3],
): Promise<ApiAnswer> {
  return api('POST', '/v1/broadcasts', { name: 'News', ...news, ...request }, options);
}

/** Starts the run of a draft in the API's place, with what a test changes of its input. */
export function startRun(
  { client, taskQueue }: Pick<Engine, 'client' | 'taskQueue'>,
  { id, handle }: Broadcast,
  changes: Partial<BroadcastInput>,
) {
  return client.workflow.start<typeof broadcast>('broadcast', {
    workflowId: handle.workflowId,
    taskQueue,
    args: [
      {
        tenantId: 'acme',
        broadcastId: id,
        type: news.type,
        priorityKey: 5,
        pageSize: 10,
        lanes: 1,
        ...changes,
      },
    ],
  });
}

/** One broadcast and its run, as the API and Temporal show them. */
export class Broadcast {
  readonly handle: WorkflowHandle<typeof broadcast>;

  constructor(
    private readonly engine: Caller,
    tenantId: string,
    readonly id: string,
  ) {
    this.handle = engine.client.workflow.getHandle(broadcastWorkflowId(tenantId, id));
  }

  async view(): Promise<BroadcastAnswer> {
    const { status, body } = await this.engine.api('GET', `/v1/broadcasts/${this.id}`);
    if (status !== 200) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
    return body as BroadcastAnswer;
  }

  until(
    what: string,
    accept: (view: BroadcastAnswer) => boolean,
    deadlineMs?: number,
  ): Promise<BroadcastAnswer> {
    return eventually(what, () => this.view(), accept, deadlineMs);
  }

  untilStatus(status: BroadcastStatus, deadlineMs?: number): Promise<BroadcastAnswer> {
    return this.until(status, (view) => view.status === status, deadlineMs);
  }

  /** Resolves with the view once it is over, however it ended, and nobody waits for anything any more. */
  over(deadlineMs = 45_000): Promise<BroadcastAnswer> {
    return this.until('the end', (view) => finalBroadcastStatuses.includes(view.status), deadlineMs);
  }

  tell(word: 'pause' | 'resume' | 'cancel' | 'start', body?: object): Promise<ApiAnswer> {
    return this.engine.api('POST', `/v1/broadcasts/${this.id}/${word}`, body);
  }

  /** Resolves once no activity of it is under way, and none waits for a worker. */
  async untilIdle(): Promise<void> {
    await eventually(
      'no activity',
      () => this.handle.describe(),
      ({ raw }) => (raw.pendingActivities ?? []).length === 0 && !raw.pendingWorkflowTask,
    );
  }
}
