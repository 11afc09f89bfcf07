import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import type { ApiDependencies } from '../dependencies.js';
import { exportPieces } from '../privacy/export.js';
import { route, type Answer } from '../route.js';
import { idParams } from '../schemas.js';

const tag = 'exports';
const answers = {
  200: {
    description: 'JSON, written as it is read: a field for each kind of thing that is held',
    schema: z.record(z.string(), z.unknown()),
  },
};

const ofPerson = route({
  method: 'post',
  path: '/v1/subscribers/{id}/export',
  tag,
  summary: 'Everything that is held about a person, addresses opened',
  access: 'admin',
  audit: 'subscriber.exported',
  params: idParams,
  answers,
  async handle({ tenantId, params }, deps) {
    return { ...(await exported(deps, tenantId, params.id)), audited: { subject: params.id } };
  },
});

const own = route({
  method: 'post',
  path: '/v1/me/export',
  tag,
  summary: 'Everything that is held about the person who calls',
  access: 'person',
  answers,
  handle: ({ tenantId, recipientId }, deps) => exported(deps, tenantId, recipientId),
});

async function exported(deps: ApiDependencies, tenantId: string, recipientId: string): Promise<Answer> {
  if (!(await deps.models.personRows.holdsAny(tenantId, recipientId)))
    throw new CarillonError('not_found', `there is no subscriber "${recipientId}"`);
  return {
    status: 200,
    headers: { 'content-disposition': 'attachment; filename="export.json"', 'cache-control': 'no-store' },
    pieces: exportPieces(deps, tenantId, recipientId),
  };
}

export const exportRoutes = [ofPerson, own];
