import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { NotificationInput } from '../../contracts/notification-run.js';
import type { Trigger } from '../../contracts/trigger.js';
import type { DigestRow } from '../../models/digests.js';
import type { NotificationRow } from '../../models/notification-schema.js';
import { digestStart } from '../../runtime/digest-start.js';
import { erasureStart } from '../../runtime/erasure-start.js';
import { notificationStart } from '../../runtime/notification-start.js';
import { reminderStart } from '../../runtime/reminder-start.js';
import { startBroadcast } from '../broadcasts/start.js';
import type { CommandDependencies } from '../dependencies.js';
import { applySchedule } from '../schedules/temporal.js';
import { withDeadline } from '../temporal-calls.js';

const PAGE = 100;
const AT_ONCE = 10;

/** What a recovery found, and did. */
export interface Recovered {
  /** Runs of notifications that were missing, and were started. */
  notifications: number;
  /** Runs of notifications that go on, and were left alone. */
  running: number;
  /** Erasures that are not completed. */
  erasures: number;
  /** Runs of digests, and of reminders, that were told to look; where there was none, one was started. */
  digests: number;
  reminders: number;
  /** Temporal knows these now as they are stored. */
  schedules: number;
  /** Broadcasts that were not over, started where they did not run. */
  broadcasts: number;
}

/**
 * Has Temporal do again whatever the database says is not over: for a Temporal that lost its data, or a database that
 * was restored beside an empty one. Everything is keyed, so what runs is left alone, what was sent is not sent again,
 * and it may be repeated.
 * @param onProgress told after each, with how many there were so far.
 */
export async function recover(
  deps: CommandDependencies,
  onProgress: (done: number) => void = () => undefined,
): Promise<Recovered> {
  const found: Recovered = {
    erasures: 0,
    notifications: 0,
    running: 0,
    digests: 0,
    reminders: 0,
    schedules: 0,
    broadcasts: 0,
  };
  let done = 0;
  const each = async <Item>(items: AsyncIterable<Item>, one: (item: Item) => Promise<keyof Recovered>) => {
    for await (const some of inGroups(items)) {
      for (const what of await Promise.all(some.map(one))) found[what] += 1;
      onProgress((done += some.length));
    }
  };
  for await (const tenantId of tenantIds(deps)) {
    const { erasures, digests, reminders, schedules, broadcasts, waitingRuns } = deps.models;
    const vault = await deps.models.dataKeys.vault(tenantId);
    // First: who is being erased is sent nothing more.
    await each(
      pages((cursor) => erasures.list(tenantId, { status: 'running', limit: PAGE, cursor }, (row) => row)),
      async (row) => {
        const input = { tenantId, erasureId: row.id };
        await withDeadline(deps.client, () =>
          deps.client.workflow.start('erasure', erasureStart(input, row.person, deps.taskQueue)),
        );
        return 'erasures';
      },
    );
    await each(waitingRuns.of(tenantId), (row) =>
      startRun(deps, inputOf(row, JSON.parse(vault.open(row.trigger)) as Trigger)),
    );
    await each(
      pages((cursor) => digests.list(tenantId, { limit: PAGE, cursor }, (row) => row)),
      (row) => lookAtDigest(deps, row),
    );
    await each(
      pages((cursor) => reminders.list(tenantId, { status: 'active', limit: PAGE, cursor }, (row) => row)),
      async (row) => {
        await withDeadline(deps.client, () =>
          deps.client.workflow.signalWithStart('reminder', reminderStart(row, deps.taskQueue)),
        );
        return 'reminders';
      },
    );
    await each(
      pages((cursor) => schedules.list(tenantId, { limit: PAGE, cursor })),
      async (row) => {
        await applySchedule(deps, row);
        return 'schedules';
      },
    );
    for (const status of ['scheduled', 'running', 'paused'] as const) {
      await each(
        pages((cursor) => broadcasts.list(tenantId, { status, limit: PAGE, cursor }, (row) => row)),
        async (row) => {
          await startBroadcast(deps, row);
          return 'broadcasts';
        },
      );
    }
  }
  return found;
}

async function startRun(
  deps: CommandDependencies,
  input: NotificationInput,
): Promise<'notifications' | 'running'> {
  try {
    await withDeadline(deps.client, () =>
      deps.client.workflow.start('notification', notificationStart(input, deps.taskQueue)),
    );
    return 'notifications';
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return 'running';
  }
}

/** Its run asks the database what it was told before. */
async function lookAtDigest(deps: CommandDependencies, row: DigestRow): Promise<'digests'> {
  await withDeadline(deps.client, () =>
    deps.client.workflow.signalWithStart('digest', {
      ...digestStart(row, deps.taskQueue),
      signal: 'addItem',
      signalArgs: [{ digestId: row.id, closesAtMs: row.closesAt.getTime() }],
    }),
  );
  return 'digests';
}

/** As the run was started the first time; its plan is stored, so it goes on from there. */
function inputOf(row: NotificationRow, trigger: Trigger): NotificationInput {
  const { tenantId, id, recipientId, requestHash, createdAt, broadcastId, onlyTopics } = row;
  return {
    tenantId,
    notificationId: id,
    recipientId,
    trigger,
    requestHash,
    acceptedAtMs: createdAt.getTime(),
    ...(broadcastId === undefined ? {} : { broadcastId }),
    ...(onlyTopics === undefined ? {} : { onlyTopics }),
  };
}

async function* tenantIds({ models }: CommandDependencies): AsyncGenerator<string> {
  let after: string | undefined;
  for (;;) {
    const some = await models.tenants.list(PAGE, after);
    yield* some.map(({ id }) => id);
    after = some.at(-1)?.id;
    if (some.length < PAGE) return;
  }
}

async function* pages<Item>(
  read: (cursor: string | undefined) => Promise<{ items: Item[]; nextCursor: string | null }>,
): AsyncGenerator<Item> {
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    yield* page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

async function* inGroups<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item[]> {
  let group: Item[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < AT_ONCE) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
