import { afterAll, beforeAll, expect, it } from 'vitest';
import { startChecked, type CheckedEngine } from '../unit/api-checked.js';

let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked({ worker: false });
});
afterAll(() => engine.stop());

it.each([
  'http://events.example/hook',
  'http://127.0.0.1:9/hook',
  'https://127.0.0.1/hook',
  'https://127.1/hook',
  'https://0x7f000001/hook',
  'https://2130706433/hook',
  'https://[::1]/hook',
  'https://[::ffff:127.0.0.1]/hook',
  'https://[fd00::1]/hook',
  'https://10.1.2.3/hook',
  'https://169.254.169.254/latest/meta-data',
  'https://localhost/hook',
  'https://api.localhost/hook',
  'https://user:password@93.184.216.34/hook',
  'file:///etc/passwd',
  'gopher://93.184.216.34/',
  'not a URL',
  '',
])('an endpoint at %o is refused, new or changed', async (url) => {
  const refused = await engine.call('POST', '/v1/webhooks', { url });
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: 'url' }] } });
  const made = await engine.call<{ id: string }>('POST', '/v1/webhooks', {
    url: 'https://93.184.216.34/hook',
    enabled: false,
  });
  expect(made.status).toBe(201);
  const changed = await engine.call('PATCH', `/v1/webhooks/${made.body.id}`, { url });
  expect(changed).toMatchObject({ status: 400, body: { errors: [{ path: 'url' }] } });
  expect((await engine.call('DELETE', `/v1/webhooks/${made.body.id}`)).status).toBe(204);
});

it('of fifty endpoints the last one is the last', async () => {
  const make = () =>
    engine.call('POST', '/v1/webhooks', { url: 'https://93.184.216.34/hook', enabled: false });
  const made = [];
  for (let count = 0; count < 50; count += 1) made.push((await make()).status);
  expect(new Set(made)).toEqual(new Set([201]));
  expect((await make()).body.code).toBe('conflict');
});
