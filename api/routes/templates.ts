import { z } from 'zod';
import { channelName } from '../../contracts/channels.js';
import { externalId, jsonData, typeName } from '../../contracts/primitives.js';
import { partName, templateLocale } from '../../contracts/templates.js';
import { trigger } from '../../contracts/trigger.js';
import { EVERY_TENANT } from '../../models/notification-types.js';
import { exampleData } from '../../templates/example-data.js';
import { route, type Route } from '../route.js';
import { acceptedView, pageOf, paging } from '../schemas.js';
import { partKey, partParams, subjectOf, topicQuery, typeKey, typeParams } from '../templates/places.js';
import { preview, previewBody, previewView } from '../templates/preview.js';
import { templateRoutesAt, typeNamed, type TemplatePlace } from '../templates/template-routes.js';
import { findVersion } from '../templates/versions.js';
import { showTemplate, templateView } from '../templates/view.js';
import { accept } from '../../commands/trigger/accept.js';

const tag = 'templates';
const typePath = '/{type}/{channel}/{locale}';
const isPublished = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

type Whose = Pick<TemplatePlace<z.ZodObject, z.ZodObject>, 'access' | 'ownerOf'>;

/** The same routes for a tenant's templates, and for those of all tenants. */
function routesAt(base: string, whose: Whose): Route[] {
  const { access, ownerOf } = whose;

  const list = route({
    method: 'get',
    path: `${base}/templates`,
    tag,
    summary: 'List templates by type, channel and language',
    access: access.read,
    query: z.strictObject({
      type: typeName.optional(),
      channel: channelName.optional(),
      locale: templateLocale.optional(),
      topic: externalId.optional(),
      published: isPublished,
      ...paging,
    }),
    answers: { 200: { description: 'a page', schema: pageOf(templateView) } },
    async handle({ tenantId, query: { type, ...query } }, deps) {
      const filter = { kind: 'type', name: type, ...query } as const;
      return { status: 200, body: await deps.models.templates.list(ownerOf(tenantId), filter, showTemplate) };
    },
  });

  const show = route({
    method: 'post',
    path: `${base}/templates${typePath}/preview`,
    tag,
    summary: 'What a version, or a source that is not stored yet, comes to',
    access: access.read,
    audit: 'template.previewed',
    params: typeParams,
    query: topicQuery,
    body: previewBody,
    bodyOptional: true,
    answers: { 200: { description: 'the texts', schema: previewView } },
    async handle({ tenantId, params, query, body }, deps) {
      const owner = ownerOf(tenantId);
      const key = typeKey(params, query);
      const type = await typeNamed(deps, owner, params.type);
      const tenant = await deps.models.tenants.find(owner);
      const shown = await preview(deps, owner, { key, channel: params.channel, type, tenant }, body);
      return { status: 200, body: shown, audited: undefined };
    },
  });

  return [
    list,
    ...templateRoutesAt({
      ...whose,
      path: `${base}/templates${typePath}`,
      params: typeParams,
      query: topicQuery,
      keyOf: typeKey,
      async check(deps, owner, { name }) {
        await typeNamed(deps, owner, name);
      },
    }),
    show,
    ...partRoutesAt(base, 'partial', whose),
    ...partRoutesAt(base, 'layout', whose),
    layoutPreviewAt(base, whose),
  ];
}

/** What texts include, and what is around mails. */
function partRoutesAt(base: string, kind: 'partial' | 'layout', whose: Whose): Route[] {
  const path = `${base}/${kind}s`;
  const list = route({
    method: 'get',
    path,
    tag,
    summary: `List ${kind}s by name and language`,
    access: whose.access.read,
    query: z.strictObject({
      name: partName.optional(),
      locale: templateLocale.optional(),
      published: isPublished,
      ...paging,
    }),
    answers: { 200: { description: 'a page', schema: pageOf(templateView) } },
    async handle({ tenantId, query }, deps) {
      const { templates } = deps.models;
      return {
        status: 200,
        body: await templates.list(whose.ownerOf(tenantId), { kind, ...query }, showTemplate),
      };
    },
  });
  return [
    list,
    ...templateRoutesAt({
      ...whose,
      path: `${path}/{name}/{locale}`,
      params: partParams,
      query: z.strictObject({}),
      keyOf: (params) => partKey(kind, params),
      check: () => Promise.resolve(),
    }),
  ];
}

/** A layout is shown around a built-in text. */
const SHOWN_TYPE = 'mention';

function layoutPreviewAt(base: string, { access, ownerOf }: Whose): Route {
  return route({
    method: 'post',
    path: `${base}/layouts/{name}/{locale}/preview`,
    tag,
    summary: 'A layout, or the source of one, around a mail that Carillon writes',
    access: access.read,
    audit: 'template.previewed',
    params: partParams,
    body: previewBody.pick({ version: true, source: true }),
    bodyOptional: true,
    answers: { 200: { description: 'the mail', schema: previewView } },
    async handle({ tenantId, params, body }, deps) {
      const owner = ownerOf(tenantId);
      const key = partKey('layout', params);
      const type = await typeNamed(deps, owner, SHOWN_TYPE);
      const tenant = await deps.models.tenants.find(owner);
      const shown = await preview(deps, owner, { key, channel: 'email', type, tenant }, body);
      return { status: 200, body: shown, audited: undefined };
    },
  });
}

const test = route({
  method: 'post',
  path: `/v1/templates${typePath}/test`,
  tag,
  summary: 'Send one notification written with a version, published or not',
  access: 'manager',
  audit: 'template.tested',
  params: typeParams,
  query: topicQuery,
  body: z.strictObject({
    to: trigger.shape.to,
    data: jsonData.optional().describe('by default an example'),
    version: z.number().int().min(1).optional().describe('by default the published one, else the newest'),
  }),
  answers: { 202: { description: 'accepted, like any other notification', schema: acceptedView } },
  async handle({ tenantId, params, query, body }, deps) {
    const key = typeKey(params, query);
    const { channel } = params;
    const type = await typeNamed(deps, tenantId, params.type);
    const { id, version } = await findVersion(deps, tenantId, key, body.version);
    const sent = await accept(
      deps,
      tenantId,
      trigger.parse({
        type: type.name,
        to: body.to,
        data: body.data ?? exampleData(type),
        channels: [channel],
        escalation: [],
      }),
      { waitForDecision: false, templates: { [channel]: id } },
    );
    return {
      status: 202,
      body: {
        id: sent.id,
        status: 'accepted' as const,
        workflowId: sent.workflowId,
        duplicate: sent.duplicate,
      },
      audited: { subject: subjectOf(key), after: { version, notification: sent.id } },
    };
  },
});

export const templateRoutes = [
  ...routesAt('/v1', {
    access: { read: 'manager', change: 'admin' },
    ownerOf: (tenantId) => tenantId,
  }),
  test,
  ...routesAt('/v1/platform', {
    access: { read: 'platform', change: 'platform' },
    ownerOf: () => EVERY_TENANT,
  }),
];
