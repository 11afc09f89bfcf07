import { z } from 'zod';
import { CarillonError } from '../../contracts/errors.js';
import { deviceAddress, deviceKinds, type Device } from '../../contracts/devices.js';
import type { ApiDependencies } from '../dependencies.js';
import { recheckWaiting } from '../recheck.js';
import { route, type Answer } from '../route.js';
import { idParams } from '../schemas.js';

const deviceView = z.object({ id: z.string(), kind: z.enum(deviceKinds), createdAt: z.iso.datetime() });
const listView = z.object({ items: z.array(deviceView) });
const registered = {
  200: { description: 'it was registered already', schema: deviceView },
  201: { description: 'registered', schema: deviceView },
};
const forgotten = { 204: { description: 'it is not registered any more' } };

const mine = [
  route({
    method: 'get',
    path: '/v1/me/devices',
    tag: 'me',
    summary: 'The own devices, without their tokens; the one that registered last comes last',
    access: 'person',
    answers: { 200: { description: 'the devices', schema: listView } },
    handle: ({ tenantId, recipientId }, deps) => list(deps, tenantId, recipientId),
  }),
  route({
    method: 'post',
    path: '/v1/me/devices',
    tag: 'me',
    summary:
      'Register a device for push: `{ token }` of FCM or `{ subscription }` of the browser. At most 20; one more puts out the one that registered longest ago',
    access: 'person',
    body: deviceAddress,
    answers: registered,
    handle: ({ tenantId, recipientId, body }, deps) => register(deps, tenantId, recipientId, body),
  }),
  route({
    method: 'get',
    path: '/v1/me/push-key',
    tag: 'me',
    summary: 'The key that a browser subscribes to push with, its `applicationServerKey`',
    access: 'person',
    answers: { 200: { description: 'the public VAPID key', schema: z.object({ publicKey: z.string() }) } },
    async handle({ tenantId }, deps) {
      return { status: 200, body: { publicKey: await publicKeyOf(deps, tenantId) } };
    },
  }),
  route({
    method: 'delete',
    path: '/v1/me/devices',
    tag: 'me',
    summary: 'Take back a device, as when the person signs out on it',
    access: 'person',
    body: deviceAddress,
    answers: forgotten,
    handle: ({ tenantId, recipientId, body }, deps) => forget(deps, tenantId, recipientId, body),
  }),
];

const ofAPerson = [
  route({
    method: 'get',
    path: '/v1/subscribers/{id}/devices',
    tag: 'subscribers',
    summary: 'A person’s devices, without their tokens; the one that registered last comes last',
    access: 'sender',
    params: idParams,
    answers: { 200: { description: 'the devices', schema: listView } },
    handle: ({ tenantId, params }, deps) => list(deps, tenantId, params.id),
  }),
  route({
    method: 'post',
    path: '/v1/subscribers/{id}/devices',
    tag: 'subscribers',
    summary: 'Register a person’s device for push: `{ token }` of FCM or `{ subscription }` of the browser',
    access: 'sender',
    params: idParams,
    body: deviceAddress,
    answers: registered,
    handle: ({ tenantId, params, body }, deps) => register(deps, tenantId, params.id, body),
  }),
  route({
    method: 'delete',
    path: '/v1/subscribers/{id}/devices',
    tag: 'subscribers',
    summary: 'Take back a person’s device',
    access: 'sender',
    params: idParams,
    body: deviceAddress,
    answers: forgotten,
    handle: ({ tenantId, params, body }, deps) => forget(deps, tenantId, params.id, body),
  }),
];

async function list(deps: ApiDependencies, tenantId: string, personId: string): Promise<Answer> {
  const items: Device[] | undefined = await deps.models.devices.list(tenantId, personId);
  if (!items) throw noSuch(personId);
  return { status: 200, body: { items } };
}

async function register(
  deps: ApiDependencies,
  tenantId: string,
  personId: string,
  token: string,
): Promise<Answer> {
  const done = await deps.models.devices.register(tenantId, personId, token);
  if (!done) throw noSuch(personId);
  if (done.created) await recheckWaiting(deps, tenantId, personId);
  return { status: done.created ? 201 : 200, body: done.device };
}

async function forget(
  deps: ApiDependencies,
  tenantId: string,
  personId: string,
  token: string,
): Promise<Answer> {
  if (!(await deps.models.devices.forget(tenantId, personId, [token]))) throw noSuch(personId);
  await recheckWaiting(deps, tenantId, personId);
  return { status: 204 };
}

const vapid = z.object({ publicKey: z.string() });

/** @throws CarillonError `not_found` where the tenant cannot reach browsers. */
async function publicKeyOf(deps: ApiDependencies, tenantId: string): Promise<string> {
  const providers = await deps.credentials.of(tenantId);
  const webPush = providers.find(({ channel, provider }) => channel === 'push' && provider === 'web-push');
  if (!webPush) throw new CarillonError('not_found', 'web push is not set up');
  const { data } = vapid.safeParse(webPush.credentials);
  if (!data)
    throw new CarillonError('not_found', `web push cannot be used: ${webPush.problem ?? 'it has no key'}`);
  return data.publicKey;
}

function noSuch(personId: string): CarillonError {
  return new CarillonError('not_found', `there is no subscriber "${personId}"`);
}

export const deviceRoutes = [...mine, ...ofAPerson];
