import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import { certificateSignature, erasureCertificate, erasureStatuses } from '../../contracts/erasures.js';
import { externalId } from '../../contracts/primitives.js';
import { verifyCertificate } from '../../models/erasure-certificates.js';
import { erasureFullView, erasureView, showErasure, showErasureInFull } from '../privacy/view.js';
import { route } from '../route.js';
import { idParams, pageOf, paging } from '../schemas.js';

const tag = 'erasures';

const list = route({
  method: 'get',
  path: '/v1/erasures',
  tag,
  summary: 'People who are being erased or were, newest first; they are found by their ID, and not named',
  access: 'admin',
  query: z.strictObject({
    recipient: externalId.optional(),
    status: z.enum(erasureStatuses).optional(),
    ...paging,
  }),
  answers: { 200: { description: 'a page', schema: pageOf(erasureView) } },
  async handle({ tenantId, query }, deps) {
    const page = await deps.models.erasures.list(tenantId, query, (row) => showErasure(deps, row));
    return { status: 200, body: page };
  },
});

const get = route({
  method: 'get',
  path: '/v1/erasures/{id}',
  tag,
  summary: 'How far an erasure is; its certificate once it is completed',
  access: 'admin',
  params: idParams,
  answers: { 200: { description: 'the erasure', schema: erasureFullView } },
  async handle({ tenantId, params }, deps) {
    const row = await deps.models.erasures.find(tenantId, params.id);
    if (!row) throw new CarillonError('not_found', `there is no erasure "${params.id}"`);
    return { status: 200, body: showErasureInFull(deps, row) };
  },
});

const verify = route({
  method: 'post',
  path: '/v1/erasures/verify',
  tag,
  summary:
    'Whether this deployment signed a certificate of the tenant’s, and nothing in it was changed since',
  access: 'admin',
  audit: 'erasure.verified',
  body: z.strictObject({ certificate: erasureCertificate, signature: certificateSignature }),
  answers: { 200: { description: 'the answer', schema: z.object({ valid: z.boolean() }) } },
  async handle({ tenantId, body: { certificate, signature } }, deps) {
    const valid =
      certificate.tenantId === tenantId &&
      (await verifyCertificate(deps.models.dataKeys, certificate, signature));
    // It changes nothing.
    return { status: 200, body: { valid }, audited: undefined };
  },
});

export const erasureRoutes = [list, verify, get];
