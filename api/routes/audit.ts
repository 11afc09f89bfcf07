import { z } from 'zod';
import { lineOfText } from '../../contracts/primitives.js';
import type { AuditRow } from '../../models/audit.js';
import { rowId } from '../../models/row-id.js';
import { route } from '../route.js';
import { instantParameter, pageOf, paging } from '../schemas.js';

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
    return { status: 200, body: await deps.models.audit.list(tenantId, query, show) };
  },
});

function show({ _id, tenantId, at, actor, action, subject, before, after }: AuditRow) {
  const value = (json: string | undefined) => (json === undefined ? null : (JSON.parse(json) as unknown));
  return {
    id: _id.slice(rowId(tenantId, '').length),
    at: at.toISOString(),
    actor,
    action,
    subject,
    before: value(before),
    after: value(after),
  };
}

export const auditRoutes = [list];
