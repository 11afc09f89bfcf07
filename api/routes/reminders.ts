import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import { reminderWorkflowId } from '../../contracts/ids.js';
import { externalId } from '../../contracts/primitives.js';
import { reminderCreate, reminderPut, reminderStatuses } from '../../contracts/reminders.js';
import type { ReminderRow } from '../../models/reminders.js';
import { recheckSignal } from '../../workflows/messages.js';
import type { ApiDependencies } from '../dependencies.js';
import { makeReminder, putReminder, sentFor } from '../reminders/make.js';
import { stopUnsent } from '../reminders/stop-unsent.js';
import { route } from '../route.js';
import { pageOf, paging } from '../schemas.js';
import { tell, tooLate } from '../temporal-calls.js';
import { reminderView, showReminder } from '../views/reminder.js';

const tag = 'reminders';
const keyParams = z.object({ key: externalId });
const relatedParameter = z
  .string()
  .max(401)
  .regex(/^[^:]+:.+$/, 'must be type:id')
  .optional();

const create = route({
  method: 'post',
  path: '/v1/reminders',
  tag,
  summary: 'Remind somebody of a due date, so long before it',
  access: 'sender',
  body: reminderCreate,
  answers: {
    201: { description: 'stored: nothing will lose it now', schema: reminderView },
    200: { description: 'the same request as before', schema: reminderView },
  },
  async handle({ tenantId, body, actor }, deps) {
    const { key, ...given } = body;
    const { row, isNew } = await makeReminder(deps, tenantId, key, given, actor);
    return { status: isNew ? 201 : 200, body: showReminder(deps, row) };
  },
});

const put = route({
  method: 'put',
  path: '/v1/reminders/{key}',
  tag,
  summary: 'Make a reminder, or replace it: another date moves what is still to be sent',
  access: 'sender',
  params: keyParams,
  body: reminderPut,
  answers: {
    201: { description: 'stored', schema: reminderView },
    200: { description: 'replaced', schema: reminderView },
  },
  async handle({ tenantId, params, body, actor }, deps) {
    const { row, isNew } = await putReminder(deps, tenantId, params.key, body, actor);
    return { status: isNew ? 201 : 200, body: showReminder(deps, row) };
  },
});

const list = route({
  method: 'get',
  path: '/v1/reminders',
  tag,
  summary: 'List reminders, newest first',
  access: 'sender',
  query: z.strictObject({
    recipient: externalId.optional(),
    related: relatedParameter,
    status: z.enum(reminderStatuses).optional(),
    ...paging,
  }),
  answers: { 200: { description: 'a page', schema: pageOf(reminderView) } },
  async handle({ tenantId, query }, deps) {
    const body = await deps.models.reminders.list(tenantId, query, (row) => showReminder(deps, row));
    return { status: 200, body };
  },
});

const get = route({
  method: 'get',
  path: '/v1/reminders/{key}',
  tag,
  summary: 'One reminder: what was sent, and what comes next',
  access: 'sender',
  params: keyParams,
  answers: { 200: { description: 'the reminder', schema: reminderView } },
  async handle({ tenantId, params }, deps) {
    const row = await deps.models.reminders.find(tenantId, params.key);
    if (!row) throw unknown(params.key);
    return { status: 200, body: showReminder(deps, row) };
  },
});

const withdraw = route({
  method: 'delete',
  path: '/v1/reminders/{key}',
  tag,
  summary: 'Withdraw a reminder: nothing more of it is sent',
  access: 'sender',
  params: keyParams,
  answers: { 204: { description: 'withdrawn' } },
  async handle({ tenantId, params, actor }, deps) {
    await end(deps, tenantId, params.key, { as: 'withdrawn', by: actor });
    return { status: 204 };
  },
});

const complete = route({
  method: 'post',
  path: '/v1/reminders/{key}/complete',
  tag,
  summary: 'What it reminds of was done: nothing more of it is sent',
  access: 'sender',
  params: keyParams,
  answers: { 200: { description: 'completed', schema: reminderView } },
  async handle({ tenantId, params, actor }, deps) {
    const row = await deps.models.reminders.find(tenantId, params.key);
    if (row?.status === 'withdrawn') throw tooLate();
    await end(deps, tenantId, params.key, { as: 'completed', by: actor });
    const ended = await deps.models.reminders.find(tenantId, params.key);
    if (!ended) throw unknown(params.key);
    return { status: 200, body: showReminder(deps, ended) };
  },
});

/** Ends it in MongoDB, which is what counts, and then its run and what waits of it. */
async function end(
  deps: ApiDependencies,
  tenantId: string,
  key: string,
  { as, by }: { as: 'completed' | 'withdrawn'; by: string },
): Promise<ReminderRow> {
  const row = await deps.models.reminders.markEnded(tenantId, key, as);
  if (!row) throw unknown(key);
  const handle = deps.client.workflow.getHandle(reminderWorkflowId(row));
  try {
    await tell(deps.client, () => handle.signal(recheckSignal));
  } catch (error) {
    if (!(error instanceof CarillonError) || error.code !== 'too_late') throw error;
  }
  await stopUnsent(deps, tenantId, sentFor(row), { by, reason: `the reminder was ${as}` });
  return row;
}

function unknown(key: string): CarillonError {
  return new CarillonError('not_found', `there is no reminder "${key}"`);
}

export const reminderRoutes = [create, put, list, get, withdraw, complete];
