import { CarillonError } from '../../contracts/errors.js';
import { subscriberPatch, type Subscriber } from '../../contracts/subscribers.js';
import { phoneNumbersOf } from '../../commands/phone-numbers.js';
import { recheckWaiting } from '../recheck.js';
import { route } from '../route.js';
import { subscriberView } from './subscribers.js';

const tag = 'me';
/** Roles, attributes and devices are the tenant's to set. */
const ownFields = subscriberPatch.pick({ email: true, phone: true, locale: true, timezone: true });
const meView = subscriberView.pick({
  id: true,
  email: true,
  phone: true,
  locale: true,
  timezone: true,
  roles: true,
});

const get = route({
  method: 'get',
  path: '/v1/me',
  tag,
  summary: 'The person’s own contact, language and zone',
  access: 'person',
  answers: { 200: { description: 'the person', schema: meView } },
  async handle({ tenantId, recipientId }, deps) {
    return { status: 200, body: show(await deps.models.subscribers.find(tenantId, recipientId)) };
  },
});

const patch = route({
  method: 'patch',
  path: '/v1/me',
  tag,
  summary: 'Change the own contact, language and zone',
  access: 'person',
  body: ownFields,
  answers: { 200: { description: 'the person', schema: meView } },
  async handle({ tenantId, recipientId, body }, deps) {
    const fields = await phoneNumbersOf(deps, tenantId).in(body);
    const changed = show(await deps.models.subscribers.patch(tenantId, recipientId, fields));
    await recheckWaiting(deps, tenantId, recipientId);
    return { status: 200, body: changed };
  },
});

function show(me: Subscriber | undefined) {
  if (!me) throw new CarillonError('not_found', 'you are not known any more');
  const { id, email, phone, locale, timezone, roles } = me;
  return { id, email, phone, locale, timezone, roles };
}

export const meRoutes = [get, patch];
