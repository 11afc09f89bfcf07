import { expect, it } from 'vitest';
import { routes } from '../../api/routes/routes.js';

/* What applications and people do every day leaves no trail; whoever administers does. */
const everyday = [
  'post /v1/notifications',
  'post /v1/notifications/batch',
  'patch /v1/notifications/{id}',
  'post /v1/notifications/{id}/acknowledge',
  'post /v1/subscribers',
  'put /v1/subscribers/{id}',
  'patch /v1/subscribers/{id}',
  'post /v1/subscribers/import',
  'post /v1/subscribers/{id}/token',
  'post /v1/subscribers/{id}/devices',
  'delete /v1/subscribers/{id}/devices',
  'put /v1/subscribers/{id}/preferences',
  'patch /v1/subscribers/{id}/preferences',
  'post /v1/subscribers/{id}/preferences/reset',
  'put /v1/topics/{topic}/members',
  'post /v1/reminders',
  'put /v1/reminders/{key}',
  'delete /v1/reminders/{key}',
  'post /v1/reminders/{key}/complete',
];

const changing = routes
  .filter(
    ({ method, access }) =>
      method !== 'get' && access !== 'person' && access !== 'public' && access !== 'signed',
  )
  .map((route) => ({ name: `${route.method} ${route.path}`, ...route }));

it('demands an audit action of every route that changes something, but for what applications do every day', () => {
  const unaudited = changing.filter(({ audit }) => audit === undefined).map(({ name }) => name);
  expect(unaudited.sort()).toEqual([...everyday].sort());
});

it('has none that only an administrator may call go unaudited', () => {
  for (const { name, access, audit } of changing)
    if (access !== 'sender') expect(audit, name).toMatch(/^[a-z_]+(\.[a-z_]+)+$/);
});

it('audits no reading', () => {
  for (const { method, audit } of routes) if (method === 'get') expect(audit).toBeUndefined();
});
