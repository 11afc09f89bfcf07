import { z } from 'zod';
import { CarillonError, invalid } from '../../contracts/errors.js';
import { blockOfText } from '../../contracts/primitives.js';
import type { TemplateKey } from '../../contracts/templates.js';
import type { ApiDependencies } from '../dependencies.js';
import { route, type Route } from '../route.js';
import { make } from './make.js';
import { localeOf, subjectOf, typesNow, version } from './places.js';
import { findTemplate, findVersion } from './versions.js';
import {
  showTemplate,
  showTemplateInFull,
  showVersionInFull,
  templateFullView,
  templateView,
  versionFullView,
  type Around,
} from './view.js';

/** Versions that come with their template. */
const SHOWN_VERSIONS = 50;

const newVersion = z.strictObject({
  source: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'of a mail { subject, mjml | html | text, layout }, of a partial { text }, of a layout { mjml }, else as in a trigger’s content',
    ),
  from: z.number().int().min(1).optional().describe('an earlier version, made anew with the parts of today'),
  note: blockOfText(500).optional(),
});

/** Where templates of one kind are. */
export interface TemplatePlace<P extends z.ZodObject, Q extends z.ZodObject> {
  path: string;
  params: P;
  query: Q;
  keyOf: (params: z.output<P>, query: z.output<Q>) => TemplateKey;
  access: { read: 'manager' | 'platform'; change: 'admin' | 'platform' };
  ownerOf: (tenantId: string) => string;
  /** Throws where nothing may be kept at this place. */
  check: (deps: ApiDependencies, owner: string, key: TemplateKey) => Promise<void>;
}

/** One template: what there is of it, a new version, and which version is published. */
export function templateRoutesAt<P extends z.ZodObject, Q extends z.ZodObject>(
  place: TemplatePlace<P, Q>,
): Route[] {
  const { path, params, query, access, ownerOf } = place;
  const tag = 'templates';
  const keyOf = (request: { params: unknown; query: unknown }) =>
    place.keyOf(request.params as z.output<P>, request.query as z.output<Q>);

  const get = route({
    method: 'get',
    path,
    tag,
    summary: 'One template, with its newest versions',
    access: access.read,
    params,
    query,
    answers: { 200: { description: 'the template', schema: templateFullView } },
    async handle({ tenantId, ...request }, deps) {
      const owner = ownerOf(tenantId);
      const key = keyOf(request);
      const row = await findTemplate(deps, owner, key);
      const versions = await deps.models.templateVersions.list(owner, key, { limit: SHOWN_VERSIONS });
      return { status: 200, body: showTemplateInFull(row, versions, await around(deps, owner)) };
    },
  });

  const getVersion = route({
    method: 'get',
    path: `${path}/versions/{version}`,
    tag,
    summary: 'One version of a template, with its source',
    access: access.read,
    params: params.extend({ version }),
    query,
    answers: { 200: { description: 'the version', schema: versionFullView } },
    async handle({ tenantId, ...request }, deps) {
      const owner = ownerOf(tenantId);
      const key = keyOf(request);
      const { version: wanted } = request.params as { version: number };
      const template = await findTemplate(deps, owner, key);
      const row = await findVersion(deps, owner, key, wanted);
      return { status: 200, body: showVersionInFull(row, { ...(await around(deps, owner)), template }) };
    },
  });

  const add = route({
    method: 'post',
    path: `${path}/versions`,
    tag,
    summary: 'Make a new version; nothing is sent with it until it is published',
    access: access.change,
    audit: 'template.version_made',
    params,
    query,
    body: newVersion,
    answers: { 201: { description: 'the version', schema: versionFullView } },
    async handle({ tenantId, actor, body, ...request }, deps) {
      const owner = ownerOf(tenantId);
      const key = keyOf(request);
      const { source, from, note } = body;
      if ((source === undefined) === (from === undefined))
        throw invalid('source', 'or "from" is needed, and not both');
      await place.check(deps, owner, key);
      const given = source ?? (JSON.parse((await findVersion(deps, owner, key, from)).source) as unknown);
      const made = await make(deps, owner, key, given);
      const row = await deps.models.templateVersions.add(owner, key, {
        source: JSON.stringify(made.source),
        compiled: JSON.stringify(made.texts),
        uses: made.uses,
        ...(note === undefined ? {} : { note }),
        createdBy: actor,
      });
      return {
        status: 201,
        body: showVersionInFull(row, { ...(await around(deps, owner)), template: undefined }),
        audited: { tenantId: owner, subject: subjectOf(key), after: { version: row.version, note } },
      };
    },
  });

  const publish = route({
    method: 'post',
    path: `${path}/publish`,
    tag,
    summary: 'Publish a version: what is planned from now on is written with it. An older one goes back',
    access: access.change,
    audit: 'template.published',
    params,
    query,
    body: z.strictObject({ version: z.number().int().min(1) }),
    answers: { 200: { description: 'the template', schema: templateView } },
    async handle({ tenantId, actor, body, ...request }, deps) {
      const owner = ownerOf(tenantId);
      const key = keyOf(request);
      const { id, version: number } = await findVersion(deps, owner, key, body.version);
      const before = await deps.models.templates.publish(owner, key, { id, version: number, by: actor });
      await typesNow(deps, owner);
      return {
        status: 200,
        body: showTemplate(await findTemplate(deps, owner, key)),
        audited: {
          tenantId: owner,
          subject: subjectOf(key),
          before: { version: before?.published?.version ?? null },
          after: { version: number },
        },
      };
    },
  });

  const unpublish = route({
    method: 'post',
    path: `${path}/unpublish`,
    tag,
    summary: 'Publish none any more: what stands behind it is used, in the end the built-in text',
    access: access.change,
    audit: 'template.unpublished',
    params,
    query,
    answers: { 200: { description: 'the template', schema: templateView } },
    async handle({ tenantId, actor, ...request }, deps) {
      const owner = ownerOf(tenantId);
      const key = keyOf(request);
      const before = await deps.models.templates.withdraw(owner, key, actor);
      await typesNow(deps, owner);
      return {
        status: 200,
        body: showTemplate(await findTemplate(deps, owner, key)),
        audited: before?.published && {
          tenantId: owner,
          subject: subjectOf(key),
          before: { version: before.published.version },
          after: { version: null },
        },
      };
    },
  });
  return [get, getVersion, add, publish, unpublish];
}

async function around(deps: ApiDependencies, owner: string): Promise<Omit<Around, 'template'>> {
  const { templates } = await typesNow(deps, owner);
  return { templates, tenantLocale: await localeOf(deps, owner) };
}

/** @throws CarillonError `not_found` */
export async function typeNamed(deps: ApiDependencies, owner: string, name: string) {
  const type = (await typesNow(deps, owner)).find(name);
  if (type) return type;
  throw new CarillonError('not_found', `there is no type "${name}"`);
}
