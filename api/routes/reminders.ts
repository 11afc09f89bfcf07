import { z } from 'zod';
import { externalId } from '../../contracts/primitives.js';
import { reminderCreate, reminderPut, reminderStatuses } from '../../contracts/reminders.js';
import { endReminder, unknownReminder } from '../../commands/reminders/end.js';
import { makeReminder, putReminder } from '../../commands/reminders/make.js';
import { route } from '../route.js';
import { pageOf, paging } from '../schemas.js';
import { tooLate } from '../../commands/temporal-calls.js';
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
    if (!row) throw unknownReminder(params.key);
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
    await endReminder(deps, tenantId, params.key, { as: 'withdrawn', by: actor });
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
    await endReminder(deps, tenantId, params.key, { as: 'completed', by: actor });
    const ended = await deps.models.reminders.find(tenantId, params.key);
    if (!ended) throw unknownReminder(params.key);
    return { status: 200, body: showReminder(deps, ended) };
  },
});

export const reminderRoutes = [create, put, list, get, withdraw, complete];
