import { z } from 'zod';
import { CarillonError, invalid } from '../../contracts/errors.js';
import { lineOfText } from '../../contracts/primitives.js';
import { scheduleBackfill, scheduleCreate, schedulePatch } from '../../contracts/schedules.js';
import type { ScheduleRow } from '../../models/schedules.js';
import type { ApiDependencies } from '../dependencies.js';
import { route } from '../route.js';
import { idParams, pageOf, paging } from '../schemas.js';
import { changeSchedule, makeSchedule } from '../../commands/schedules/make.js';
import { callSchedule, findSchedule } from '../../commands/schedules/temporal.js';
import { countTimes, overlapOf } from '../../commands/schedules/times.js';
import { withKey } from '../trigger/with-key.js';
import { scheduleView, showSchedule } from '../views/schedule.js';

const tag = 'schedules';
/** Most times that one backfill makes up for. */
const MOST_BACKFILLED = 500;
const note = z.strictObject({ reason: lineOfText(200).optional() });
const told = z.object({ id: z.string() });

const create = route({
  method: 'post',
  path: '/v1/schedules',
  tag,
  summary: 'Send a trigger or a broadcast again and again, by cron or calendar in a time zone',
  access: 'manager',
  audit: 'schedule.created',
  idempotent: true,
  body: scheduleCreate,
  answers: {
    201: { description: 'stored, and known to Temporal', schema: scheduleView },
    200: { description: 'the same request as before', schema: scheduleView },
  },
  async handle({ tenantId, body, idempotencyKey, actor, may }, deps) {
    const { row, isNew } = await makeSchedule(deps, tenantId, withKey(body, idempotencyKey), { actor, may });
    return {
      status: isNew ? 201 : 200,
      body: await showSchedule(deps, row),
      audited: isNew ? { subject: row.id, after: auditOf(row) } : undefined,
    };
  },
});

const list = route({
  method: 'get',
  path: '/v1/schedules',
  tag,
  summary: 'List schedules, newest first, with their next and last times',
  access: 'sender',
  query: z.strictObject(paging),
  answers: { 200: { description: 'a page', schema: pageOf(scheduleView) } },
  async handle({ tenantId, query }, deps) {
    const { items, nextCursor } = await deps.models.schedules.list(tenantId, query);
    const shown = [];
    for (const row of items) shown.push(await showSchedule(deps, row));
    return { status: 200, body: { items: shown, nextCursor } };
  },
});

const get = route({
  method: 'get',
  path: '/v1/schedules/{id}',
  tag,
  summary: 'One schedule with its next and last times',
  access: 'sender',
  params: idParams,
  answers: { 200: { description: 'the schedule', schema: scheduleView } },
  async handle({ tenantId, params }, deps) {
    return { status: 200, body: await showSchedule(deps, await find(deps, tenantId, params.id)) };
  },
});

const change = route({
  method: 'patch',
  path: '/v1/schedules/{id}',
  tag,
  summary: 'Change a schedule: what is left out stays as it is',
  access: 'manager',
  audit: 'schedule.changed',
  params: idParams,
  body: schedulePatch,
  answers: { 200: { description: 'changed', schema: scheduleView } },
  async handle({ tenantId, params, body, actor, may }, deps) {
    const before = await find(deps, tenantId, params.id);
    const row = await changeSchedule(deps, before, body, { actor, may });
    return {
      status: 200,
      body: await showSchedule(deps, row),
      audited: { subject: row.id, before: auditOf(before), after: auditOf(row) },
    };
  },
});

const remove = route({
  method: 'delete',
  path: '/v1/schedules/{id}',
  tag,
  summary: 'Delete a schedule; what it has started goes on',
  access: 'manager',
  audit: 'schedule.deleted',
  params: idParams,
  answers: { 204: { description: 'deleted' } },
  async handle({ tenantId, params }, deps) {
    const row = await find(deps, tenantId, params.id);
    await findSchedule(deps, row, (handle) => handle.delete());
    await deps.models.schedules.remove(tenantId, row.id);
    return { status: 204, audited: { subject: row.id, before: auditOf(row) } };
  },
});

/** The reason stands with the schedule in the Web UI. */
function switchRoute(name: 'pause' | 'resume', audit: string, summary: string) {
  return route({
    method: 'post',
    path: `/v1/schedules/{id}/${name}`,
    tag,
    summary,
    access: 'manager',
    audit,
    params: idParams,
    body: note,
    bodyOptional: true,
    answers: { 200: { description: 'as it is now', schema: scheduleView } },
    async handle({ tenantId, params, body, actor }, deps) {
      const row = await find(deps, tenantId, params.id);
      const reason = [actor, body.reason].filter((part) => part !== undefined).join(': ');
      await callSchedule(deps, row, (handle) =>
        name === 'pause' ? handle.pause(reason) : handle.unpause(reason),
      );
      return {
        status: 200,
        body: await showSchedule(deps, row),
        audited: { subject: row.id, after: body },
      };
    },
  });
}

const runNow = route({
  method: 'post',
  path: '/v1/schedules/{id}/run',
  tag,
  summary: 'Send now, beside its own times',
  access: 'manager',
  audit: 'schedule.run',
  params: idParams,
  answers: { 202: { description: 'Temporal was told', schema: told } },
  async handle({ tenantId, params }, deps) {
    const row = await find(deps, tenantId, params.id);
    await callSchedule(deps, row, (handle) => handle.trigger(overlapOf(row)));
    return { status: 202, body: { id: row.id }, audited: { subject: row.id } };
  },
});

const backfill = route({
  method: 'post',
  path: '/v1/schedules/{id}/backfill',
  tag,
  summary: 'Make up for its times of a period, one after the other; those that were sent are not sent again',
  access: 'manager',
  audit: 'schedule.backfilled',
  params: idParams,
  body: scheduleBackfill,
  answers: {
    202: { description: 'Temporal was told', schema: told.extend({ times: z.number().int() }) },
  },
  async handle({ tenantId, params, body }, deps) {
    const row = await find(deps, tenantId, params.id);
    const start = new Date(body.from);
    const end = new Date(body.to);
    if (end < start) throw invalid('to', 'is before from');
    if (end.getTime() > Date.now()) throw invalid('to', 'is in the future');
    const bounds = { fromMs: start.getTime(), untilMs: end.getTime() };
    const times = countTimes(row, bounds, MOST_BACKFILLED + 1);
    if (times > MOST_BACKFILLED)
      throw invalid('from', `leaves more than ${MOST_BACKFILLED} times to make up for`);
    await callSchedule(deps, row, (handle) => handle.backfill({ start, end, overlap: 'BUFFER_ALL' }));
    return { status: 202, body: { id: row.id, times }, audited: { subject: row.id, after: body } };
  },
});

/** @throws CarillonError `not_found` */
async function find(deps: ApiDependencies, tenantId: string, id: string): Promise<ScheduleRow> {
  const row = await deps.models.schedules.find(tenantId, id);
  if (!row) throw new CarillonError('not_found', `there is no schedule "${id}"`);
  return row;
}

/** Without what it sends. */
function auditOf({ name, times, timezone, jitterMs, startAt, endAt, overlap, sends, type }: ScheduleRow) {
  return { name, times, timezone, jitterMs, startAt, endAt, overlap, sends, type };
}

export const scheduleRoutes = [
  create,
  list,
  get,
  change,
  remove,
  switchRoute('pause', 'schedule.paused', 'Send nothing until it is resumed'),
  switchRoute(
    'resume',
    'schedule.resumed',
    'Send again at its times; those that passed meanwhile are left out',
  ),
  runNow,
  backfill,
];
