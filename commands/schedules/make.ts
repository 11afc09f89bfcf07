import { CarillonError, invalid } from '../../contracts/errors.js';
import type { RecurringBroadcast, RecurringTrigger } from '../../contracts/later.js';
import type { ScheduleCreate, SchedulePatch } from '../../contracts/schedules.js';
import { sourcesOfDraft } from '../../models/broadcast-drafts.js';
import type { ScheduleContent, ScheduleRow, ScheduleTimes } from '../../models/schedules.js';
import { checkBroadcastData } from '../broadcasts/data.js';
import { checkFilter, mayReach } from '../broadcasts/make.js';
import type { CommandDependencies } from '../dependencies.js';
import { phoneNumbersOf } from '../phone-numbers.js';
import { checkText } from '../trigger/check-text.js';
import { checkData, checkTrigger } from '../trigger/check.js';
import { scheduleId } from '../trigger/notification-id.js';
import { requestHash } from '../trigger/request-hash.js';
import { applySchedule } from './temporal.js';
import { checkTimes } from './times.js';

interface By {
  actor: string;
  may: (role: 'manager' | 'admin') => boolean;
}

/**
 * Stores a schedule and has Temporal keep its time. The same request again finds the same one, and completes what an
 * earlier call left undone.
 * @throws CarillonError `conflict` for an ID, or idempotency key, that has another schedule; what is wrong with its
 * times or what it sends.
 */
export async function makeSchedule(
  deps: CommandDependencies,
  tenantId: string,
  given: ScheduleCreate,
  by: By,
): Promise<{ row: ScheduleRow; isNew: boolean }> {
  const { id: named, idempotencyKey, ...asked } = given;
  const id = named ?? scheduleId(tenantId, idempotencyKey);
  const hash = requestHash(asked);
  const known = await deps.models.schedules.find(tenantId, id);
  const { row, inserted } = known
    ? { row: known, inserted: false }
    : await deps.models.schedules.insert({ tenantId, id }, await contentOf(deps, tenantId, asked, by), {
        requestHash: hash,
        by: by.actor,
      });
  if (row.requestHash !== hash) {
    throw new CarillonError('conflict', `there is another schedule "${id}": change it with PATCH`);
  }
  await applySchedule(deps, row);
  return { row, isNew: inserted };
}

/** @throws CarillonError `conflict` where it was changed meanwhile; what is wrong with it as it would be then. */
export async function changeSchedule(
  deps: CommandDependencies,
  before: ScheduleRow,
  change: SchedulePatch,
  by: By,
): Promise<ScheduleRow> {
  const { tenantId } = before;
  const vault = await deps.models.dataKeys.vault(tenantId);
  const times: Pick<SchedulePatch, 'cron' | 'calendar'> =
    change.cron === undefined && change.calendar === undefined
      ? (JSON.parse(before.times) as ScheduleTimes)
      : { cron: change.cron, calendar: change.calendar };
  const body: Pick<SchedulePatch, 'trigger' | 'broadcast'> =
    change.trigger === undefined && change.broadcast === undefined
      ? { [before.sends]: JSON.parse(vault.open(before.body)) as unknown }
      : { trigger: change.trigger, broadcast: change.broadcast };
  const asked: SchedulePatch = {
    name: change.name ?? before.name,
    timezone: change.timezone ?? before.timezone,
    jitter: change.jitter === undefined ? before.jitterMs : change.jitter,
    startAt: change.startAt === undefined ? before.startAt?.toISOString() : change.startAt,
    endAt: change.endAt === undefined ? before.endAt?.toISOString() : change.endAt,
    overlap: change.overlap ?? before.overlap,
    ...times,
    ...body,
  };
  const row = await deps.models.schedules.replace(before, await contentOf(deps, tenantId, asked, by));
  if (!row) throw new CarillonError('conflict', 'it was changed meanwhile: read it again');
  await applySchedule(deps, row);
  return row;
}

/** What is asked in its stored form, checked. */
async function contentOf(
  deps: CommandDependencies,
  tenantId: string,
  asked: SchedulePatch,
  by: By,
): Promise<ScheduleContent> {
  const tenant = await deps.models.tenants.find(tenantId);
  if (!tenant) throw new CarillonError('not_found', 'there is no such tenant');
  const sends = asked.broadcast ? 'broadcast' : 'trigger';
  const given = asked.broadcast ?? asked.trigger;
  if (!given) throw invalid('trigger', 'give one of "trigger" and "broadcast"');
  const body = await checkedBody(deps, tenantId, given, by);
  const vault = await deps.models.dataKeys.vault(tenantId);
  const content: ScheduleContent = {
    name: asked.name ?? asked.broadcast?.name ?? given.type,
    times: JSON.stringify(asked.cron === undefined ? { calendar: asked.calendar } : { cron: asked.cron }),
    timezone: asked.timezone ?? tenant.timezone,
    jitterMs: asked.jitter ?? 0,
    ...(asked.startAt ? { startAt: new Date(asked.startAt) } : {}),
    ...(asked.endAt ? { endAt: new Date(asked.endAt) } : {}),
    overlap: asked.overlap ?? 'skip',
    sends,
    type: body.type,
    body: vault.seal(JSON.stringify(body)),
  };
  checkTimes(content, Date.now());
  return content;
}

async function checkedBody<Body extends RecurringTrigger | RecurringBroadcast>(
  deps: CommandDependencies,
  tenantId: string,
  given: Body,
  by: By,
): Promise<Body> {
  const body =
    given.to === undefined ? given : { ...given, to: await phoneNumbersOf(deps, tenantId).inTo(given.to) };
  const type = await deps.types.find(tenantId, body.type);
  checkTrigger(body, type, Date.now());
  await checkText(deps, tenantId, body, type);
  const { to } = body;
  if (to !== undefined && 'recipient' in to) {
    checkData(type, body.data, 'trigger.data');
    return body;
  }
  const audience = 'audience' in body ? body.audience : undefined;
  const sources = sourcesOfDraft({ to, audience });
  mayReach(sources, by);
  checkBroadcastData(type, body.data, { sources, audience });
  await checkFilter(deps, tenantId, sources);
  return body;
}
