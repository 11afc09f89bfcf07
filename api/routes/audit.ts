import { z } from 'zod';
import { lineOfText } from '../../contracts/primitives.js';
import { route } from '../route.js';
import { instantParameter, pageOf, paging } from '../schemas.js';
import { showAudit } from '../views/audit.js';

const entryView = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  before: z.unknown().nullable(),
  after: z.unknown().nullable(),
});

const list = route({
  method: 'get',
  path: '/v1/audit',
  tag: 'audit',
  summary: 'Who changed or did what, newest first, with what it was before and after; secrets are masked',
  access: 'admin',
  query: z.strictObject({
    actor: lineOfText(300).optional(),
    action: lineOfText(100).optional(),
    subject: lineOfText(300).optional(),
    from: instantParameter,
    to: instantParameter,
    ...paging,
  }),
  answers: { 200: { description: 'a page', schema: pageOf(entryView) } },
  async handle({ tenantId, query }, deps) {
    return { status: 200, body: await deps.models.audit.list(tenantId, query, showAudit) };
  },
});

export const auditRoutes = [list];
