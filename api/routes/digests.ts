import type { SignalDefinition } from '@temporalio/common';
import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import type { OperatorNote } from '../../contracts/notification-run.js';
import { externalId, lineOfText } from '../../contracts/primitives.js';
import type { DigestRow } from '../../models/digests.js';
import { cancelSignal, expediteSignal } from '../../workflows/messages.js';
import type { ApiDependencies } from '../dependencies.js';
import { leaveDigest } from '../../commands/digests/leave.js';
import { tellDigest } from '../../commands/digests/tell.js';
import { digestView, showDigest } from '../digests/view.js';
import { route, type Route } from '../route.js';
import { idParams, pageOf, paging } from '../schemas.js';
import { tooLate } from '../../commands/temporal-calls.js';

const tag = 'digests';

const list = route({
  method: 'get',
  path: '/v1/digests',
  tag,
  summary: 'Digests that collect, newest first, with what they hold',
  access: 'sender',
  query: z.strictObject({ recipient: externalId.optional(), ...paging }),
  answers: { 200: { description: 'a page', schema: pageOf(digestView) } },
  async handle({ tenantId, query }, deps) {
    const { items, nextCursor } = await deps.models.digests.list(tenantId, query, (row) => row);
    const shown = await Promise.all(items.map((row) => showDigest(deps, row)));
    return { status: 200, body: { items: shown, nextCursor } };
  },
});

const get = route({
  method: 'get',
  path: '/v1/digests/{id}',
  tag,
  summary: 'One digest: what it holds, and when it closes',
  access: 'sender',
  params: idParams,
  answers: { 200: { description: 'the digest', schema: digestView } },
  async handle({ tenantId, params }, deps) {
    return { status: 200, body: await showDigest(deps, await findDigest(deps, tenantId, params.id)) };
  },
});

const removeItem = route({
  method: 'delete',
  path: '/v1/digests/{id}/items/{itemId}',
  tag,
  summary: 'Take an item out of a digest: its notification is cancelled on the channels that were collected',
  access: 'sender',
  audit: 'digest.item_removed',
  params: idParams.extend({ itemId: externalId }),
  answers: { 204: { description: 'removed' } },
  async handle({ tenantId, params, actor }, deps) {
    const digest = await findDigest(deps, tenantId, params.id);
    const { itemId } = params;
    if (!(await deps.models.digestItems.has(tenantId, digest.digestKey, itemId))) {
      throw new CarillonError('not_found', `there is no item "${itemId}" in this digest`);
    }
    await leaveDigest(deps, tenantId, itemId, { as: 'cancelled', by: actor, digestKey: digest.digestKey });
    return { status: 204, audited: { subject: digest.id, before: { itemId } } };
  },
});

/** Who stops or hurries a digest leaves a trail of it. */
function operatorRoute(
  name: string,
  audit: string,
  summary: string,
  signal: SignalDefinition<[OperatorNote?]>,
): Route {
  return route({
    method: 'post',
    path: `/v1/digests/{id}/${name}`,
    tag,
    summary,
    access: 'sender',
    audit,
    params: idParams,
    body: z.strictObject({ reason: lineOfText(200).optional() }),
    bodyOptional: true,
    answers: {
      202: { description: 'its run was told', schema: z.object({ id: z.string(), status: z.string() }) },
    },
    async handle({ tenantId, params, body, actor }, deps) {
      const digest = await findDigest(deps, tenantId, params.id);
      if (digest.state !== 'open') throw tooLate();
      await tellDigest(deps, digest, signal, { by: actor, ...body });
      return {
        status: 202,
        body: { id: digest.id, status: 'collecting' },
        audited: { subject: digest.id, after: body },
      };
    },
  });
}

/** @throws CarillonError `not_found` */
async function findDigest(deps: ApiDependencies, tenantId: string, id: string): Promise<DigestRow> {
  const row = await deps.models.digests.find(tenantId, id);
  if (!row) throw new CarillonError('not_found', `there is no digest "${id}"`);
  return row;
}

export const digestRoutes = [
  list,
  get,
  removeItem,
  operatorRoute('expedite', 'digest.expedited', 'Send what it holds now', expediteSignal),
  operatorRoute('cancel', 'digest.cancelled', 'Drop what it holds: nothing of it is sent', cancelSignal),
];
