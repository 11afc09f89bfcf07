import { z } from 'zod';
import { isOwnChannel } from '../../contracts/channels.js';
import { DIGEST_TYPE } from '../../contracts/digests.js';
import { CarillonError } from '../../contracts/errors.js';
import { typeSettings, type NotificationType } from '../../contracts/notification-types.js';
import { typeName } from '../../contracts/primitives.js';
import { pageById, readIdCursor } from '../../models/cursor.js';
import { EVERY_TENANT } from '../../models/notification-types.js';
import { typesOf, type Types } from '../../templates/type-registry.js';
import type { ApiDependencies } from '../dependencies.js';
import { route, type Route } from '../route.js';
import { pageOf, paging } from '../schemas.js';
import { changeOf, MAX_TYPES } from '../types/change.js';
import { showChoice, showType, typeChoiceView, typeView } from '../types/view.js';

const tag = 'types';
const params = z.object({ name: typeName });
const query = z.strictObject({ category: typeName.optional(), ...paging });

/** The same routes for a tenant's types, and for those of all tenants. */
function typeRoutesAt(
  path: string,
  access: { read: 'sender' | 'platform'; change: 'admin' | 'platform' },
  whose: string,
  ownerOf: (tenantId: string) => string,
): Route[] {
  const list = route({
    method: 'get',
    path,
    tag,
    summary: `List ${whose} by name`,
    access: access.read,
    query,
    answers: { 200: { description: 'a page', schema: pageOf(typeView) } },
    async handle({ tenantId, query: asked }, deps) {
      const types = await typesNow(deps, ownerOf(tenantId));
      const { items, nextCursor } = pageOfTypes(types.all, asked);
      return { status: 200, body: { items: items.map((type) => showType(types, type)), nextCursor } };
    },
  });

  const get = route({
    method: 'get',
    path: `${path}/{name}`,
    tag,
    summary: `One of ${whose}, as it is in force`,
    access: access.read,
    params,
    answers: { 200: { description: 'the type', schema: typeView } },
    async handle({ tenantId, params: { name } }, deps) {
      const types = await typesNow(deps, ownerOf(tenantId));
      return { status: 200, body: showType(types, mustFind(types, name)) };
    },
  });

  const put = route({
    method: 'put',
    path: `${path}/{name}`,
    tag,
    summary: `Make one of ${whose}, or replace it whole; of a type that somebody else made the body is what to change`,
    access: access.change,
    audit: 'type.changed',
    params,
    body: typeSettings,
    answers: {
      200: { description: 'the type, as it is now', schema: typeView },
      201: { description: 'the type, which was not there before', schema: typeView },
    },
    async handle({ tenantId, params: { name }, body }, deps) {
      const owner = ownerOf(tenantId);
      const before = await typesNow(deps, owner);
      const { own, override } = changeOf(name, await madeByOthers(deps, owner, name), body);
      const replaced = await deps.models.notificationTypes.find(owner, name);
      if (!replaced) await refuseTooMany(deps, owner);
      await deps.models.notificationTypes.put(owner, name, { own, override });
      const after = await typesNow(deps, owner);
      const was = before.find(name);
      const shown = showType(after, mustFind(after, name));
      return {
        status: was ? 200 : 201,
        body: shown,
        audited: {
          tenantId: owner,
          subject: name,
          ...(was ? { before: showType(before, was) } : {}),
          after: shown,
        },
      };
    },
  });

  const remove = route({
    method: 'delete',
    path: `${path}/{name}`,
    tag,
    summary: `Take back what was changed of a type, or remove one of ${whose}`,
    access: access.change,
    audit: 'type.removed',
    params,
    answers: { 204: { description: 'as its maker has it, or gone' } },
    async handle({ tenantId, params: { name } }, deps) {
      const owner = ownerOf(tenantId);
      const before = await typesNow(deps, owner);
      const was = showType(before, mustFind(before, name));
      const removed = await deps.models.notificationTypes.remove(owner, name);
      // What this process trusts for a moment is read anew.
      await typesNow(deps, owner);
      return {
        status: 204,
        audited: removed ? { tenantId: owner, subject: name, before: was } : undefined,
      };
    },
  });
  return [list, get, put, remove];
}

const choices = route({
  method: 'get',
  path: '/v1/me/types',
  tag,
  summary: 'What there is to choose among: types by name',
  access: 'person',
  query,
  answers: { 200: { description: 'a page', schema: pageOf(typeChoiceView) } },
  async handle({ tenantId, query: asked }, deps) {
    const tenant = await deps.models.tenants.find(tenantId);
    const types = await deps.types.of(tenantId, tenant?.typesVersion);
    const offered = types.all.filter(
      ({ name }) => name !== DIGEST_TYPE && !tenant?.disabledTypes.includes(name),
    );
    const { items, nextCursor } = pageOfTypes(offered, asked);
    const own = deps.channels.channelNames().filter(isOwnChannel);
    return { status: 200, body: { items: items.map((type) => showChoice(type, own)), nextCursor } };
  },
});

/** The tenant's, or where the owner is nobody in particular, those that every tenant has. */
async function typesNow(deps: ApiDependencies, owner: string): Promise<Types> {
  if (owner !== EVERY_TENANT) return deps.types.current(owner);
  return typesOf(0, await deps.models.notificationTypes.list(EVERY_TENANT));
}

/** The type as it is without what the owner stored; undefined where nobody else made one of this name. */
async function madeByOthers(
  deps: ApiDependencies,
  owner: string,
  name: string,
): Promise<NotificationType | undefined> {
  const stored = await deps.models.notificationTypes.list(owner);
  const others = stored.filter(({ forAll }) => owner !== EVERY_TENANT && forAll);
  // Its own from before there was another of that name: it stays its own.
  const isOwn = stored.some((one) => one.name === name && one.own && !others.includes(one));
  return isOwn ? undefined : typesOf(0, others).find(name);
}

async function refuseTooMany(deps: ApiDependencies, owner: string): Promise<void> {
  if ((await deps.models.notificationTypes.count(owner, MAX_TYPES)) < MAX_TYPES) return;
  throw new CarillonError('conflict', `there are ${MAX_TYPES} types of one's own, or changed, already`);
}

function pageOfTypes(
  all: readonly NotificationType[],
  { category, limit, cursor }: z.infer<typeof query>,
): { items: NotificationType[]; nextCursor: string | null } {
  const after = readIdCursor(cursor);
  const found = all
    .filter((type) => category === undefined || type.category === category)
    .filter(({ name }) => after === undefined || name > after)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  return pageById(found, limit, ({ name }) => name);
}

/** @throws CarillonError `not_found` */
function mustFind(types: Types, name: string): NotificationType {
  const type = types.find(name);
  if (type) return type;
  throw new CarillonError('not_found', `there is no type "${name}"`);
}

export const typeRoutes = [
  ...typeRoutesAt(
    '/v1/types',
    { read: 'sender', change: 'admin' },
    'the tenant’s types',
    (tenantId) => tenantId,
  ),
  ...typeRoutesAt(
    '/v1/platform/types',
    { read: 'platform', change: 'platform' },
    'the types of all tenants',
    () => EVERY_TENANT,
  ),
  choices,
];
