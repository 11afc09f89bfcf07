import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { attemptOnce, type AttemptResult } from '../../activities/attempt.js';
import { typeOf } from '../../activities/deciding.js';
import type { ActivityDependencies } from '../../activities/dependencies.js';
import type { Prepared } from '../../activities/prepared.js';
import { channelRegistry } from '../../channels/registry.js';
import type { DeliverRequest } from '../../contracts/notification-run.js';
import { noPreferences } from '../../contracts/preferences.js';
import { trigger } from '../../contracts/trigger.js';
import type { Attempt, DeliveryRow } from '../../models/delivery-schema.js';
import { rowId } from '../../models/row-id.js';
import { createLogger } from '../../runtime/logger.js';
import { PublishedTemplates } from '../../templates/published-templates.js';
import { typesOf } from '../../templates/type-registry.js';
import { ATTEMPT_TIMEOUT_MS } from '../../workflows/retry-policies.js';
import { activityDependencies } from '../../worker/dependencies.js';
import { workflowRuns } from '../../worker/workflow-runs.js';
import { startEngine, type Engine } from '../support/engine.js';

/*
 * One attempt at a time, over the real log and a real SMTP server. The SDK's activity environment stands for the worker,
 * which tells an activity why it is to end.
 */

const tenantId = 'acme';
let engine: Engine;
let deps: ActivityDependencies;
let environment: MockActivityEnvironment;
let count = 0;

beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    worker: false,
  });
  const log = createLogger({ level: 'silent', name: 'test' });
  deps = activityDependencies(engine.config, {
    models: engine.models,
    runs: workflowRuns(engine.client, engine.taskQueue),
    log,
  });
});
afterAll(async () => {
  await deps.channels.close();
  await engine.stop();
});

beforeEach(() => {
  environment = new MockActivityEnvironment();
  engine.smtp.behave();
});

interface Changes {
  request?: Partial<DeliverRequest>;
  deps?: Partial<ActivityDependencies>;
  trigger?: object;
  contact?: Prepared['facts']['contact'] | null;
}

/** Writes a delivery that is due into the log, and answers its ID. */
async function due(row: Partial<DeliveryRow> = {}): Promise<string> {
  count += 1;
  const id = `n-${count}-email`;
  const now = new Date();
  await engine.models.deliveries.insertMissing([
    {
      _id: rowId(tenantId, id),
      tenantId,
      id,
      notificationId: `n-${count}`,
      recipientId: 'u-1',
      type: 'approval_request',
      channel: 'email',
      targetHash: 'h-1',
      target: 'a•••@example.com',
      status: 'pending',
      provider: 'smtp',
      retryCount: 0,
      attempts: [],
      createdAt: now,
      updatedAt: now,
      purgeAt: new Date(now.getTime() + 86_400_000),
      ...row,
    },
  ]);
  return id;
}

async function subject({ trigger: told, contact }: Changes): Promise<Prepared> {
  const tenant = await engine.models.tenants.find(tenantId);
  if (!tenant) throw new Error('no tenant');
  const said = trigger.parse({
    type: 'approval_request',
    to: { recipient: 'u-1' },
    data: { contract: { title: 'NDA with Acme' }, requester: 'Ann' },
    ...told,
  });
  return {
    facts: {
      tenant,
      type: typeOf(typesOf(0, []), said),
      templates: new PublishedTemplates([]),
      vault: await engine.models.dataKeys.vault(tenantId),
      contact:
        contact === null
          ? undefined
          : (contact ?? { id: 'u-1', hasInbox: true, email: 'ann@example.com', pushTokens: [] }),
      preferences: noPreferences,
      suppressions: [],
    },
    trigger: said,
    createdAt: new Date(),
    escalations: 0,
    templates: {},
    recipientId: 'u-1',
  };
}

/** Makes the attempt at the delivery `id`. */
async function attempt(id: string, changes: Changes = {}): Promise<AttemptResult> {
  const request: DeliverRequest = {
    tenantId,
    notificationId: `n-${count}`,
    delivery: { deliveryId: id, channel: 'email', provider: 'smtp', firstAttemptInTask: true },
    attempt: 'first',
    nowMs: Date.now(),
    expedite: false,
    ...changes.request,
  };
  const prepared = await subject(changes);
  return environment.run(() => attemptOnce({ ...deps, ...changes.deps }, request, prepared));
}

const logged = async (id: string) => (await engine.models.deliveries.find(tenantId, id))?.attempts;
const earlier = (fields: Partial<Attempt>): Attempt => ({
  at: new Date(Date.now() - 60_000),
  provider: 'smtp',
  kind: 'first',
  outcome: 'failed',
  ...fields,
});

describe('an attempt', () => {
  it('sends one mail and knows what the server said', async () => {
    const before = engine.smtp.accepted;
    expect(await attempt(await due())).toMatchObject({
      status: 'sent',
      attempt: { outcome: 'sent', kind: 'first', provider: 'smtp', durationMs: expect.any(Number) },
      receipt: { providerResponse: expect.stringMatching(/^250/) },
    });
    expect(engine.smtp.accepted - before).toBe(1);
  });

  it('that the server refuses is failed with the server’s words', async () => {
    engine.smtp.behave({ at: 'recipient', do: { reply: '550 5.1.1 nobody here' } });
    expect(await attempt(await due())).toMatchObject({
      status: 'failed',
      error: { reason: 'invalid_recipient' },
      attempt: {
        outcome: 'failed',
        failureReason: 'invalid_recipient',
        providerResponse: expect.stringContaining('nobody here'),
      },
    });
  });

  it('is in the log before anything is sent', async () => {
    const hanging = engine.smtp.behave({ at: 'message', do: { delayMs: 500 }, times: 1 });
    const id = await due();
    const running = attempt(id);
    await hanging.met;
    expect(await logged(id)).toMatchObject([{ outcome: 'started' }]);
    await running;
  });

  it('counts the failures before it', async () => {
    const attempts = [earlier({}), earlier({ outcome: 'interrupted' }), earlier({ kind: 'regular' })];
    const id = await due({ status: 'retrying', attempts });
    expect(await attempt(id, { request: { attempt: 'regular' } })).toMatchObject({ failuresBefore: 2 });
  });

  it('counts also the failures that the log has no room for any more', async () => {
    const id = await due({ status: 'retrying', attempts: [earlier({})], retryCount: 9 });
    expect(await attempt(id, { request: { attempt: 'regular' } })).toMatchObject({ failuresBefore: 9 });
  });

  it('marks one whose end nobody saw as interrupted', async () => {
    const id = await due({ status: 'sending', attempts: [earlier({ outcome: 'started' })] });
    await attempt(id);
    expect(await logged(id)).toMatchObject([{ outcome: 'interrupted' }, { outcome: 'started' }]);
  });
});

describe('an attempt at what the log knows already', () => {
  it.each([
    ['sent', { status: 'sent' }, { status: 'sent' }],
    [
      'failed',
      { status: 'failed', failureReason: 'auth_error' },
      { status: 'failed', failureReason: 'auth_error' },
    ],
    ['failed without a reason', { status: 'failed' }, { status: 'failed', failureReason: 'unknown_error' }],
    ['cancelled', { status: 'cancelled' }, { status: 'cancelled' }],
    ['expired', { status: 'expired' }, { status: 'expired' }],
  ] as const)('answers that it is %s', async (_how, row, outcome) => {
    expect(await attempt(await due(row))).toEqual({ status: 'known', outcome });
  });

  it('sends nothing', async () => {
    const before = engine.smtp.accepted;
    await attempt(await due({ status: 'sent' }));
    expect(engine.smtp.accepted).toBe(before);
  });

  it('takes a delivery that is gone for cancelled', async () => {
    expect(await attempt('gone-email')).toEqual({ status: 'known', outcome: { status: 'cancelled' } });
  });

  it('does not make a failed first attempt again, but tells when the next is due', async () => {
    const id = await due({
      status: 'retrying',
      failureReason: 'network_error',
      attempts: [earlier({ failureReason: 'network_error', retryAfterMs: 7000 })],
    });
    expect(await attempt(id)).toEqual({
      status: 'known',
      outcome: { status: 'retry', failureReason: 'network_error', retryAfterMs: 7000 },
    });
  });

  it('has the next attempt made at once where the log has no reason to wait', async () => {
    expect(await attempt(await due({ status: 'retrying' }))).toEqual({
      status: 'known',
      outcome: { status: 'retry', failureReason: 'unknown_error', retryAfterMs: 0 },
    });
  });
});

describe('an attempt that cannot be made', () => {
  it.each<[string, Changes, string]>([
    ['without the provider', { deps: { channels: channelRegistry() } }, 'auth_error'],
    ['without credentials', { deps: { credentials: { of: () => Promise.resolve([]) } } }, 'auth_error'],
    ['without an address', { contact: { id: 'u-1', hasInbox: true, pushTokens: [] } }, 'invalid_recipient'],
    ['without the person', { contact: null }, 'invalid_recipient'],
    [
      'with a template that fails',
      { trigger: { content: { email: { subject: '{{ data.', text: 'x' } } } },
      'content_error',
    ],
    ['without anything to write', { trigger: { type: 'gone_type' } }, 'content_error'],
    [
      'while the credentials cannot be read',
      { deps: { credentials: { of: () => Promise.reject(new Error('the store is away')) } } },
      'unknown_error',
    ],
  ])('%s fails as what it is', async (_how, changes, reason) => {
    expect(await attempt(await due(), changes)).toMatchObject({
      status: 'failed',
      error: { reason },
      attempt: { outcome: 'failed', failureReason: reason },
    });
  });

  it('says in which template the fault is', async () => {
    const content = { email: { subject: '{{ data.', text: 'x' } };
    expect(await attempt(await due(), { trigger: { content } })).toMatchObject({
      attempt: { providerResponse: expect.stringContaining('content.email.subject') },
    });
  });

  it('keeps an error that nobody foresaw as the cause, for the log of the worker', async () => {
    const credentials = { of: () => Promise.reject(new Error('the store is away')) };
    expect(await attempt(await due(), { deps: { credentials } })).toMatchObject({
      error: { cause: { message: 'the store is away' } },
    });
  });
});

describe('an attempt under way', () => {
  const because = (details: ConstructorParameters<typeof ActivityCancellationDetails>[0]) =>
    new ActivityCancellationDetails(details);

  it.each([
    ['its worker must go', { workerShutdown: true }, 'WORKER_SHUTDOWN'],
    ['its time is up', { timedOut: true }, 'TIMED_OUT'],
    ['its run is gone', { notFound: true }, 'NOT_FOUND'],
  ] as const)('is broken off when %s', async (_why, details, reason) => {
    const { met } = engine.smtp.behave({ at: 'message', do: 'hang' });
    const running = attempt(await due());
    await met;
    environment.cancel(reason, because(details));
    const result = await running;
    // Long before its own time would have been up.
    const durationMs = result.status === 'failed' ? result.attempt.durationMs : undefined;
    expect(durationMs).toBeLessThan(ATTEMPT_TIMEOUT_MS / 2);
  });

  it('goes on to its end when its run is told to stop: it says what it really did', async () => {
    const { met } = engine.smtp.behave({ at: 'message', do: { delayMs: 500 }, times: 1 });
    const running = attempt(await due());
    await met;
    environment.cancel('CANCELLED', because({ cancelRequested: true }));
    expect(await running).toMatchObject({ status: 'sent' });
  });

  it('is not begun when its worker must go already', async () => {
    environment.cancel('WORKER_SHUTDOWN', because({ workerShutdown: true }));
    const before = engine.smtp.accepted;
    expect(await attempt(await due())).toMatchObject({ status: 'failed' });
    expect(engine.smtp.accepted).toBe(before);
  });
});
