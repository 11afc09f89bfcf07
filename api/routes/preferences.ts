import { z } from 'zod';
import { withBuiltIn } from '../../contracts/channels.js';
import {
  effectivePreferences,
  preferences,
  preferencesPatch,
  resetPreferences,
} from '../../contracts/preferences.js';
import { applyPreferencesPatch } from '../../policy/preferences.js';
import { changeMany, preferencesBulk } from '../preferences/bulk.js';
import { changePreferences, showPreferences } from '../preferences/change.js';
import { route, type Route } from '../route.js';
import { errorBody, idParams } from '../schemas.js';

const tag = 'preferences';

/** What GET answers is taken back: what was in force then is not looked at. */
const given = preferences.extend({
  effective: z.unknown().optional().describe('as GET answered it: not looked at'),
});

/** The same four routes for a tenant's server, which names the person, and for the person. */
function preferenceRoutesAt(
  path: string,
  access: 'sender' | 'person',
  personOf: (request: { params: Record<string, unknown>; recipientId: string }) => string,
): Route[] {
  const common = {
    path,
    tag,
    access,
    ...(path.includes('{id}') ? { params: idParams } : {}),
  } as const;
  const answers = { 200: { description: 'what the person said', schema: preferences } };

  return [
    route({
      ...common,
      method: 'get',
      summary: 'What the person wants, and what is in force for them and why',
      answers: {
        200: {
          description: 'what the person said, and in `effective` what that, the types and the tenant come to',
          schema: preferences.extend({ effective: effectivePreferences }),
        },
      },
      async handle(request, deps) {
        return { status: 200, body: await showPreferences(deps, request.tenantId, personOf(request)) };
      },
    }),
    route({
      ...common,
      method: 'put',
      summary: 'Replace what the person wants',
      body: given,
      answers,
      async handle(request, deps) {
        const { effective: _effective, ...wanted } = request.body;
        const body = await changePreferences(deps, request.tenantId, personOf(request), () => wanted);
        return { status: 200, body };
      },
    }),
    route({
      ...common,
      method: 'patch',
      summary: 'Change what the person wants: what is left out stays, null removes a rule',
      body: preferencesPatch,
      answers,
      async handle(request, deps) {
        const body = await changePreferences(deps, request.tenantId, personOf(request), (current) =>
          applyPreferencesPatch(current, request.body, withBuiltIn(deps.channels.channelNames())),
        );
        return { status: 200, body };
      },
    }),
    route({
      ...common,
      path: `${path}/reset`,
      method: 'post',
      summary: 'Back to the defaults; consent that was refused (`insights`, `tracking`) stays refused',
      answers,
      async handle(request, deps) {
        const body = await changePreferences(deps, request.tenantId, personOf(request), resetPreferences);
        return { status: 200, body };
      },
    }),
  ];
}

const bulk = route({
  method: 'post',
  path: '/v1/subscribers/preferences',
  tag,
  summary: 'Change what up to 1,000 people want in the same way; each is answered on their own',
  access: 'manager',
  audit: 'preferences.changed',
  body: preferencesBulk,
  answers: {
    200: {
      description: 'how many were changed, and why the others were not',
      schema: z.object({
        changed: z.number().int(),
        errors: z.array(errorBody.extend({ recipient: z.string() })),
      }),
    },
  },
  async handle({ tenantId, body }, deps) {
    const { changed, errors } = await changeMany(deps, tenantId, body);
    const { recipients, ...change } = body;
    const audited = { subject: `${recipients.length} people`, after: { ...change, recipients } };
    return { status: 200, body: { changed, errors }, audited: changed > 0 ? audited : undefined };
  },
});

export const preferenceRoutes = [
  bulk,
  ...preferenceRoutesAt('/v1/subscribers/{id}/preferences', 'sender', ({ params }) => String(params.id)),
  ...preferenceRoutesAt('/v1/me/preferences', 'person', ({ recipientId }) => recipientId),
];
