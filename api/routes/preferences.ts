import { withBuiltIn } from '../../contracts/channels.js';
import { CarillonError } from '../../contracts/errors.js';
import {
  noPreferences,
  preferences,
  preferencesPatch,
  type Preferences,
} from '../../contracts/preferences.js';
import { applyPreferencesPatch } from '../../policy/preferences.js';
import { coversWholeWeek } from '../../policy/quiet-hours.js';
import type { ApiDependencies } from '../dependencies.js';
import { recheckWaiting } from '../recheck.js';
import { route, type Route } from '../route.js';
import { idParams } from '../schemas.js';

/** The same four routes for a tenant's server, which names the person, and for the person. */
function preferenceRoutesAt(
  path: string,
  access: 'sender' | 'person',
  personOf: (request: { params: Record<string, unknown>; recipientId: string }) => string,
): Route[] {
  const common = {
    path,
    tag: 'preferences',
    access,
    ...(path.includes('{id}') ? { params: idParams } : {}),
    answers: { 200: { description: 'the preferences', schema: preferences } },
  } as const;

  const change = async (
    deps: ApiDependencies,
    tenantId: string,
    id: string,
    next: (current: Preferences) => Preferences,
  ) => {
    await mustExist(deps, tenantId, id);
    const changed = await deps.models.preferences.change(tenantId, id, (current) => checked(next(current)));
    await recheckWaiting(deps, tenantId, id);
    return { status: 200, body: changed };
  };

  return [
    route({
      ...common,
      method: 'get',
      summary: 'What the person wants',
      async handle(request, deps) {
        const id = personOf(request);
        await mustExist(deps, request.tenantId, id);
        return { status: 200, body: await deps.models.preferences.find(request.tenantId, id) };
      },
    }),
    route({
      ...common,
      method: 'put',
      summary: 'Replace what the person wants',
      body: preferences,
      handle: (request, deps) => change(deps, request.tenantId, personOf(request), () => request.body),
    }),
    route({
      ...common,
      method: 'patch',
      summary: 'Change what the person wants: what is left out stays, null removes a rule',
      body: preferencesPatch,
      handle: (request, deps) =>
        change(deps, request.tenantId, personOf(request), (current) =>
          applyPreferencesPatch(current, request.body, withBuiltIn(deps.channels.channelNames())),
        ),
    }),
    route({
      ...common,
      path: `${path}/reset`,
      method: 'post',
      summary: 'Back to the defaults',
      handle: (request, deps) => change(deps, request.tenantId, personOf(request), () => noPreferences),
    }),
  ];
}

/** @throws CarillonError `unprocessable` for quiet hours in which nothing could ever be sent. */
function checked(next: Preferences): Preferences {
  if (next.quietHours && coversWholeWeek(next.quietHours.windows)) {
    const message = 'cover the whole week, so nothing could ever be sent';
    throw new CarillonError('unprocessable', `quietHours ${message}`, [
      { path: 'quietHours.windows', message },
    ]);
  }
  return next;
}

async function mustExist(deps: ApiDependencies, tenantId: string, id: string): Promise<void> {
  const state = await deps.models.subscribers.tokenState(tenantId, id);
  if (!state) throw new CarillonError('not_found', `there is no subscriber "${id}"`);
}

export const preferenceRoutes = [
  ...preferenceRoutesAt('/v1/subscribers/{id}/preferences', 'sender', ({ params }) => String(params.id)),
  ...preferenceRoutesAt('/v1/me/preferences', 'person', ({ recipientId }) => recipientId),
];
