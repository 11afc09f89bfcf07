import type { WorkflowHandle } from '@temporalio/client';
import { redriveWorkflowId } from '../../contracts/ids.js';
import type { redrive as redriveWorkflow } from '../../workflows/redrive.js';
import type { RedriveCounts, RedriveFilter, RedriveStatus } from '../../contracts/redrives.js';
import { finalRedriveStatuses } from '../../contracts/redrives.js';
import { eventually, type ApiAnswer, type ApiCaller, type Engine } from './engine.js';
import { notify, type Person, type Run } from './runs.js';

/** Fails at once, and the address is not written to any more. */
export const NO_SUCH_USER = {
  at: 'recipient',
  do: { reply: '550 5.1.1 no such user' },
} as const;

/** Fails at once: a server that wants a login. */
export const WRONG_LOGIN = { at: 'sender', do: { reply: '530 5.7.0 authentication required' } } as const;

/** A notification by mail that has failed, and its run with it; the server accepts again afterwards. */
export async function failedRun(
  engine: Engine,
  person: Person,
  changes: Record<string, unknown> = { channels: ['email'] },
  failure: typeof WRONG_LOGIN | typeof NO_SUCH_USER = WRONG_LOGIN,
): Promise<Run> {
  engine.smtp.behave(failure);
  const run = await notify(engine, person, changes);
  await run.handle.result();
  engine.smtp.behave();
  return run;
}

/** `POST /v1/deliveries/{id}/retry` of its mail. */
export function retry({ api }: { api: ApiCaller }, run: Pick<Run, 'id'>): Promise<ApiAnswer> {
  return api('POST', `/v1/deliveries/${run.id}-email/retry`);
}

/** `GET /v1/redrives/{id}`, as tests read it. */
export interface RedriveAnswer {
  id: string;
  status: RedriveStatus;
  filter: RedriveFilter;
  counts: RedriveCounts;
  results: { underWay: number; sent: number; failed: number; notSent: number };
  [field: string]: unknown;
}

/** Starts a redrive. @throws when it is not accepted. */
export async function redrive(
  { api, client }: Pick<Engine, 'api' | 'client'>,
  filter: RedriveFilter,
  more: { perSecond?: number; idempotencyKey?: string } = {},
): Promise<Redrive> {
  const answer = await api('POST', '/v1/deliveries/redrive', { filter, ...more });
  if (answer.status > 202) throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return new Redrive(api, client, (answer.body as { redriveId: string }).redriveId);
}

/** One redrive and its run, as the API and Temporal show them. */
export class Redrive {
  readonly handle: WorkflowHandle<typeof redriveWorkflow>;

  constructor(
    private readonly api: ApiCaller,
    client: Engine['client'],
    readonly id: string,
  ) {
    this.handle = client.workflow.getHandle(redriveWorkflowId('acme', id));
  }

  async view(): Promise<RedriveAnswer> {
    const { status, body } = await this.api('GET', `/v1/redrives/${this.id}`);
    if (status !== 200) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
    return body as RedriveAnswer;
  }

  until(what: string, accept: (view: RedriveAnswer) => boolean, deadlineMs?: number) {
    return eventually(what, () => this.view().catch(() => undefined as never), accept, deadlineMs);
  }

  /** Resolves with the view once it is over, and nothing that it started is under way. */
  over(deadlineMs = 45_000): Promise<RedriveAnswer> {
    return this.until(
      'the end',
      (view) => finalRedriveStatuses.includes(view.status) && view.results.underWay === 0,
      deadlineMs,
    );
  }

  cancel(): Promise<ApiAnswer> {
    return this.api('POST', `/v1/redrives/${this.id}/cancel`);
  }
}
