import { z } from 'zod';
import { alertSettings } from '../../contracts/alerts.js';
import { branding, sender } from '../../contracts/branding.js';
import { CarillonError, invalid } from '../../contracts/errors.js';
import { channelSwitches } from '../../contracts/preferences.js';
import { tenantId as tenantIdSchema, pageLimit } from '../../contracts/primitives.js';
import { quietHours } from '../../contracts/quiet-hours.js';
import { retrySettings } from '../../contracts/retries.js';
import { sendsPerSecond } from '../../contracts/send-limits.js';
import { tenantCreate, tenantPatch, useDeployment, type Tenant } from '../../contracts/tenants.js';
import { hasPhoneNumbers } from '../../commands/phone-numbers.js';
import { checkQuietHours } from '../quiet-hours.js';
import { route } from '../route.js';
import { pageOf } from '../schemas.js';

const tag = 'tenants';

const tenantView = z.object({
  id: z.string(),
  name: z.string(),
  timezone: z.string(),
  locale: z.string(),
  region: z.string().nullable(),
  channelDefaults: channelSwitches,
  quietHours: quietHours.nullable(),
  disabledTypes: z.array(z.string()),
  retention: z.object({
    readDays: z.number(),
    unreadDays: z.number(),
    deliveryDays: z.number(),
    auditDays: z.number(),
  }),
  sender,
  branding,
  appUrl: z.string().nullable(),
  limits: z.object({ sendsPerSecond, requestsPerSecond: z.number().optional() }),
  useDeployment,
  retries: retrySettings,
  alerts: alertSettings,
  tracking: z.object({ opens: z.boolean(), clicks: z.boolean() }),
  createdAt: z.iso.datetime(),
});

const create = route({
  method: 'post',
  path: '/v1/tenants',
  tag,
  summary: 'Create a tenant',
  access: 'platform',
  audit: 'tenant.created',
  body: tenantCreate,
  answers: { 201: { description: 'the tenant', schema: tenantView } },
  async handle({ body }, deps) {
    checkRegion(body.region);
    const tenant = show(await deps.models.tenants.create(body));
    const audited = { tenantId: tenant.id, subject: tenant.id, after: tenant };
    return { status: 201, body: tenant, audited };
  },
});

const list = route({
  method: 'get',
  path: '/v1/tenants',
  tag,
  summary: 'List tenants by ID',
  access: 'platform',
  query: z.strictObject({ limit: pageLimit, cursor: tenantIdSchema.optional() }),
  answers: { 200: { description: 'a page', schema: pageOf(tenantView) } },
  async handle({ query }, deps) {
    const found = await deps.models.tenants.list(query.limit + 1, query.cursor);
    const items = found.slice(0, query.limit).map(show);
    return {
      status: 200,
      body: { items, nextCursor: found.length > query.limit ? (items.at(-1)?.id ?? null) : null },
    };
  },
});

const get = route({
  method: 'get',
  path: '/v1/tenants/{id}',
  tag,
  summary: 'One tenant',
  access: 'platform',
  params: z.object({ id: tenantIdSchema }),
  answers: { 200: { description: 'the tenant', schema: tenantView } },
  async handle({ params }, deps) {
    return { status: 200, body: show(await deps.models.tenants.find(params.id)) };
  },
});

const getOwn = route({
  method: 'get',
  path: '/v1/tenant',
  tag,
  summary: 'The caller’s tenant and its settings',
  access: 'sender',
  answers: { 200: { description: 'the tenant', schema: tenantView } },
  async handle({ tenantId }, deps) {
    return { status: 200, body: show(await deps.models.tenants.find(tenantId)) };
  },
});

const patchOwn = route({
  method: 'patch',
  path: '/v1/tenant',
  tag,
  summary: 'Change the tenant’s settings',
  access: 'admin',
  audit: 'tenant.changed',
  body: tenantPatch,
  answers: { 200: { description: 'the tenant', schema: tenantView } },
  async handle({ tenantId, body }, deps) {
    checkRegion(body.region);
    checkQuietHours(body.quietHours);
    const before = show(await deps.models.tenants.find(tenantId));
    const after = show(await deps.models.tenants.patch(tenantId, body));
    deps.requestLimits.forget(tenantId);
    return { status: 200, body: after, audited: { subject: tenantId, before, after } };
  },
});

function checkRegion(region: string | null | undefined): void {
  if (region && !hasPhoneNumbers(region))
    throw invalid('region', 'is not a region with phone numbers of its own');
}

function show(tenant: Tenant | undefined): Omit<Tenant, 'credentialsVersion' | 'typesVersion'> {
  if (tenant === undefined) throw new CarillonError('not_found', 'there is no such tenant');
  const { credentialsVersion: _credentials, typesVersion: _types, ...shown } = tenant;
  return shown;
}

export const tenantRoutes = [create, list, get, getOwn, patchOwn];
