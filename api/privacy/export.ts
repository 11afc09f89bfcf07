import { UnsealError } from '../../runtime/key-ring.js';
import { personActor } from '../../models/audit.js';
import type { Models } from '../../models/models.js';
import type { ErasedPerson } from '../../contracts/erasures.js';
import type { ApiDependencies } from '../dependencies.js';
import { showAudit } from '../views/audit.js';
import { showDelivery } from '../views/delivery.js';
import { showEvent } from '../views/inbound-event.js';
import { showNotificationInFull } from '../views/notification.js';
import { showReminder } from '../views/reminder.js';

const PAGE = 100;

type Pages<Item> = (
  cursor: string | undefined,
) => Promise<{ items: readonly Item[]; nextCursor: string | null }>;

/**
 * A person's data as one JSON object: a field for each kind, an array where there can be many. Read page by page and
 * written as it is read, so that neither years of notifications nor a slow reader fill the memory.
 */
export async function* exportPieces(
  deps: Pick<ApiDependencies, 'models' | 'config'>,
  tenantId: string,
  recipientId: string,
): AsyncGenerator<string> {
  const { models } = deps;
  const person = await models.personRows.identify(tenantId, recipientId);
  const insights = await models.insights.find(tenantId, recipientId, Date.now());
  const single = {
    recipient: recipientId,
    exportedAt: new Date().toISOString(),
    person: (await models.subscribers.find(tenantId, recipientId)) ?? null,
    devices: (await models.devices.list(tenantId, recipientId)) ?? [],
    preferences: await models.preferences.find(tenantId, recipientId),
    insights: insights ?? null,
  };
  yield JSON.stringify(single).slice(0, -1);
  for (const [name, items] of Object.entries(many(deps, person))) {
    yield `,\n${JSON.stringify(name)}:[`;
    let isFirst = true;
    for await (const item of items) {
      yield `${isFirst ? '' : ','}\n${JSON.stringify(item)}`;
      isFirst = false;
    }
    yield ']';
  }
  yield '}\n';
}

/** What there can be much of, under its name in the export; nothing is read before it is asked for. */
function many(
  deps: Pick<ApiDependencies, 'models' | 'config'>,
  person: ErasedPerson,
): Record<string, AsyncIterable<unknown>> {
  const { models } = deps;
  const { personRows } = models;
  const { tenantId, recipientId, ids } = person;
  const ofEach = <Item>(pages: (recipient: string, cursor: string | undefined) => ReturnType<Pages<Item>>) =>
    each(ids, (recipient) => all((cursor) => pages(recipient, cursor)));
  return {
    topics: all((cursor) =>
      models.topicMembers.pageOf(tenantId, recipientId, { limit: PAGE, ...of(cursor) }),
    ),
    notifications: notifications(deps, person),
    attachments: attachments(models, person),
    deliveries: ofEach((recipient, cursor) =>
      models.deliveries.list(tenantId, { recipient, limit: PAGE, ...of(cursor) }, showDelivery),
    ),
    digests: map(personRows.each('digests', person), (row) => ({
      id: row.id,
      digestKey: row.digestKey,
      state: row.state,
      openedAt: row.openedAt,
      closesAt: row.closesAt,
      notification: row.notificationId ?? null,
    })),
    digestItems: map(personRows.each('digestItems', person), (row) => ({
      notification: row.notificationId,
      digestKey: row.digestKey,
      state: row.state,
      type: row.type,
      title: row.title,
      message: row.message,
      url: row.url ?? null,
      addedAt: row.addedAt,
    })),
    reminders: reminders(deps, person),
    schedules: map(personRows.schedules(person), ({ row, body, others }) => ({
      id: row.id as string,
      name: row.name as string,
      // What a list says to many is shown to nobody with the names of the others.
      ...(others ? {} : { sends: body }),
    })),
    broadcastLists: broadcastLists(models, person),
    suppressions: personRows.suppressions(person),
    inboundEvents: inboundEvents(models, person),
    outboundEvents: map(personRows.each('outboundEvents', person), (row) => ({
      id: row.id,
      type: row.type,
      at: row.at,
      data: JSON.parse(row.data) as unknown,
    })),
    audit: auditLines(models, tenantId, recipientId),
  };
}

async function* notifications(
  { models, config }: Pick<ApiDependencies, 'models' | 'config'>,
  { tenantId, ids }: ErasedPerson,
) {
  const vault = await models.dataKeys.vault(tenantId);
  for (const recipient of ids)
    yield* all((cursor) =>
      models.notifications.list(tenantId, { recipient, limit: PAGE, ...of(cursor) }, (row) => {
        const {
          deliveries: _deliveries,
          temporalUrl: _url,
          ...shown
        } = showNotificationInFull(row, [], vault, config);
        return shown;
      }),
    );
}

async function* attachments(models: Models, { tenantId, ids }: ErasedPerson) {
  for (const recipient of ids) {
    const own = all((cursor) =>
      models.notifications.list(tenantId, { recipient, limit: PAGE, ...of(cursor) }, ({ id }) => id),
    );
    for await (const id of own) yield* models.personRows.attachments(tenantId, id);
  }
}

async function* reminders(deps: Pick<ApiDependencies, 'models' | 'config'>, { tenantId, ids }: ErasedPerson) {
  const vault = await deps.models.dataKeys.vault(tenantId);
  for (const recipient of ids)
    yield* all((cursor) =>
      deps.models.reminders.list(tenantId, { recipient, limit: PAGE, cursor }, (row) => ({
        ...showReminder(deps, row),
        notification: JSON.parse(vault.open(row.notification)) as unknown,
      })),
    );
}

async function* broadcastLists(models: Models, person: ErasedPerson) {
  const vault = await models.dataKeys.vault(person.tenantId);
  for await (const { broadcastId, sealed, addedAt } of models.personRows.each('audiences', person))
    yield {
      broadcast: broadcastId,
      addedAt,
      ...(sealed === undefined ? {} : (JSON.parse(vault.open(sealed)) as object)),
    };
}

async function* inboundEvents(models: Models, { tenantId, ids }: ErasedPerson) {
  for (const recipient of ids) {
    const rows = all((cursor) =>
      models.inboundEvents.list(tenantId, { recipient, limit: PAGE, cursor }, (row) => row),
    );
    for await (const row of rows) {
      const isForOthers = (row.recipients ?? []).some((one) => !ids.includes(one));
      // What an event says to several is not one person's to read.
      yield { ...showEvent(row), event: isForOthers ? null : await bodyOf(models, row) };
    }
  }
}

async function bodyOf(models: Models, row: Parameters<Models['inboundEvents']['payloadOf']>[0]) {
  try {
    return (await models.inboundEvents.payloadOf(row)).body;
  } catch (error) {
    if (error instanceof UnsealError) return null;
    throw error;
  }
}

async function* auditLines(models: Models, tenantId: string, recipientId: string) {
  const trail = (filter: { subject: string } | { actor: string }) =>
    all((cursor) => models.audit.list(tenantId, { ...filter, limit: PAGE, ...of(cursor) }, showAudit));
  yield* trail({ subject: recipientId });
  yield* trail({ actor: personActor(recipientId) });
}

async function* all<Item>(pages: Pages<Item>): AsyncGenerator<Item> {
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await pages(cursor);
    yield* items;
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
}

async function* each<Item>(ids: readonly string[], of: (id: string) => AsyncIterable<Item>) {
  for (const id of ids) yield* of(id);
}

async function* map<Row, Item>(rows: AsyncIterable<Row>, show: (row: Row) => Item): AsyncGenerator<Item> {
  for await (const row of rows) yield show(row);
}

/** As a field, where there is one. */
function of(cursor: string | undefined): { cursor?: string } {
  return cursor === undefined ? {} : { cursor };
}
