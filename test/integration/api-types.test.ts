import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TypeView } from '../../api/types/view.js';
import { builtInTypes } from '../../templates/built-in-types.js';
import {
  allPages,
  approval,
  asPerson,
  keyOf,
  plan,
  reached,
  startChecked,
  tokenOf,
  type CheckedEngine,
  type Full,
  type Refusal,
} from '../unit/api-checked.js';

let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked();
});
afterAll(() => engine.stop());

const type = (name: string) => `/v1/types/${name}`;
const put = <T = TypeView>(name: string, body: object) => engine.call<T>('PUT', type(name), body);
const content = { in_app: { title: 'Due', message: 'Due' }, email: { subject: 'Due', text: 'Due' } };
const planOf = async (id: string) => (await engine.call<Full>('GET', `/v1/notifications/${id}`)).body.plan;

describe('types', () => {
  it('are listed by name, in pages, and by category', async () => {
    const pages = await allPages<TypeView>(engine.call, '/v1/types?limit=4');
    const names = pages.flat().map(({ name }) => name);
    expect(names).toEqual(builtInTypes.map(({ name }) => name).sort());
    const contracts = await allPages<TypeView>(engine.call, '/v1/types?category=contracts&limit=100');
    expect(new Set(contracts.flat().map(({ category }) => category))).toEqual(new Set(['contracts']));
    expect(contracts.flat().length).toBeLessThan(names.length);
  });

  it('are shown as they are in force, and where they come from', async () => {
    const { body } = await engine.call<TypeView>('GET', type('approval_request'));
    expect(body).toMatchObject({
      name: 'approval_request',
      category: 'contracts',
      label: { en: 'Approval request', fr: 'Demande d’approbation' },
      variables: { properties: { contract: expect.any(Object) as unknown } },
      origin: 'built_in',
      changed: [],
    });
    expect((await engine.call('GET', type('no_such'))).status).toBe(404);
    expect((await engine.call('GET', type('NO SUCH'))).status).toBe(400);
  });

  it('of a tenant’s own are made whole, used at once, replaced whole and removed', async () => {
    const made = await put('invoice_due', {
      category: 'billing',
      severity: 'warning',
      contentRequired: true,
    });
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'invoice_due', severity: 'warning', critical: false, origin: 'tenant' },
    });
    const id = await plan(engine, approval('u-own', { type: 'invoice_due', content }));
    expect(await reached(engine, id, 'sent')).toMatchObject({ category: 'billing', severity: 'warning' });
    const replaced = await put('invoice_due', { category: 'money', contentRequired: true });
    expect(replaced).toMatchObject({ status: 200, body: { category: 'money', severity: 'info' } });
    expect((await engine.call('DELETE', type('invoice_due'))).status).toBe(204);
    expect((await engine.call('DELETE', type('invoice_due'))).status).toBe(404);
    const gone = await engine.call(
      'POST',
      '/v1/notifications',
      approval('u-own', { type: 'invoice_due', content }),
    );
    expect(gone).toMatchObject({ status: 422, body: { errors: [{ path: 'type' }] } });
  });

  it('that are built in are changed in part, for the very next notification, and put back', async () => {
    const changed = await put('approval_request', { critical: true, defaultChannels: ['email', 'in_app'] });
    expect(changed).toMatchObject({
      status: 200,
      body: {
        critical: true,
        category: 'contracts',
        origin: 'built_in',
        changed: ['critical', 'defaultChannels'],
      },
    });
    await engine.call('PUT', '/v1/subscribers/u-off', { email: 'off@example.com' });
    await engine.call('PUT', '/v1/subscribers/u-off/preferences', { channels: { email: false } });
    const toOff = () => plan(engine, approval('', { to: { recipient: 'u-off' } }));
    expect((await planOf(await toOff())).channels.email).toEqual({ action: 'send' });
    await put('approval_request', { supportedChannels: ['in_app'], defaultChannels: ['in_app'] });
    const asked = await plan(
      engine,
      approval('', { to: { recipient: 'u-off' }, channels: ['email', 'in_app'] }),
    );
    expect((await planOf(asked)).channels.email).toEqual({ action: 'skip', reason: 'channel_not_supported' });
    await put('approval_request', { lockedChannels: ['email'] });
    expect((await planOf(await toOff())).channels.email).toEqual({ action: 'send' });
    await put('approval_request', { enabledByDefault: false });
    const quiet = await plan(engine, approval('u-said-nothing'));
    expect((await planOf(quiet)).channels.in_app).toEqual({
      action: 'skip',
      reason: 'turned_off_by_default',
    });
    expect((await engine.call('DELETE', type('approval_request'))).status).toBe(204);
    expect((await engine.call('DELETE', type('approval_request'))).status).toBe(204);
    expect((await planOf(await toOff())).channels.email).toMatchObject({ reason: 'turned_off_by_person' });
  });

  it('that are critical escalate as their type says where the trigger says nothing', async () => {
    const escalation = [{ after: 'PT15M', channel: 'sms' }];
    await put('alarm', { category: 'operations', critical: true, contentRequired: true, escalation });
    const id = await plan(engine, approval('u-alarm', { type: 'alarm', content }));
    expect((await planOf(id)).channels.sms).toMatchObject({ action: 'hold', reason: 'escalation' });
    const not = await plan(engine, approval('u-alarm', { type: 'alarm', content, escalation: [] }));
    expect((await planOf(not)).channels.sms).toMatchObject({ action: 'skip', reason: 'not_requested' });
  });

  it.each<[string, string, object, number, string]>([
    ['without a category', 'own', {}, 400, 'category'],
    ['with a field that there is not', 'own', { category: 'a', colour: '#fff' }, 400, 'colour'],
    ['built in, and would need content', 'mention', { contentRequired: true }, 400, 'contentRequired'],
    [
      'locked where it does not go out',
      'own',
      { category: 'a', supportedChannels: ['email'], defaultChannels: ['email'], lockedChannels: ['sms'] },
      422,
      'lockedChannels.0',
    ],
    [
      'not to go out where it does by default',
      'mention',
      { supportedChannels: ['in_app'] },
      422,
      'defaultChannels.1',
    ],
    [
      'escalated to where it does not go out',
      'mention',
      { supportedChannels: ['in_app', 'email'], escalation: [{ after: 'PT5M', channel: 'sms' }] },
      422,
      'escalation.0.channel',
    ],
    [
      'collected on channels that collect nothing',
      'own',
      { category: 'a', supportedChannels: ['in_app'], defaultChannels: ['in_app'], cadence: 'daily' },
      422,
      'cadence',
    ],
    ['critical and yet collected', 'mention', { critical: true, cadence: 'daily' }, 422, 'cadence'],
    [
      'described by a regular expression',
      'own',
      { category: 'a', variables: { properties: { a: { pattern: '(a+)+$' } } } },
      400,
      'variables.properties.a.pattern',
    ],
    [
      'described by what is no JSON Schema',
      'own',
      { category: 'a', variables: { properties: { a: { type: 'text' } } } },
      422,
      'variables.properties.a.type',
    ],
  ])('are refused where one is %s', async (_what, name, body, status, path) => {
    const answer = await put<Refusal>(name, body);
    expect(answer).toMatchObject({ status });
    expect(answer.body.errors?.map((error) => error.path)).toContain(path);
  });

  it('are changed by administrators only, with a trail', async () => {
    const manager = await keyOf(engine, ['manager']);
    const refused = await engine.call('PUT', type('mention'), { critical: true }, { token: manager.key });
    expect(refused.status).toBe(403);
    await put('mention', { severity: 'warning' });
    await engine.call('DELETE', type('mention'));
    const { body } = await engine.call<{
      items: { action: string; subject: string; before: object; after: object }[];
    }>('GET', '/v1/audit?limit=2');
    expect(body.items).toMatchObject([
      { action: 'type.removed', subject: 'mention', before: { severity: 'warning' } },
      {
        action: 'type.changed',
        subject: 'mention',
        before: { severity: 'info' },
        after: { severity: 'warning' },
      },
    ]);
  });

  it('are another tenant’s own business', async () => {
    const other = `${engine.tenantId}-types`;
    await engine.call('POST', '/v1/tenants', { id: other, name: 'Other' });
    await engine.call('PUT', type('secret_plan'), { category: 'a' }, { tenant: other });
    expect((await engine.call('GET', type('secret_plan'))).status).toBe(404);
    expect((await engine.call('DELETE', type('secret_plan'))).status).toBe(404);
    expect((await engine.call('GET', type('secret_plan'), undefined, { tenant: other })).status).toBe(200);
  });

  it('are listed to people with what they need to choose, and without those that are turned off', async () => {
    const tenant = `${engine.tenantId}-me`;
    await engine.call('POST', '/v1/tenants', { id: tenant, name: 'Me' });
    await engine.call('PATCH', '/v1/tenant', { disabledTypes: ['mention'] }, { tenant });
    await engine.call('PUT', '/v1/subscribers/u-1', {}, { tenant });
    const made = await engine.call<{ token: string }>('POST', '/v1/subscribers/u-1/token', {}, { tenant });
    const call = asPerson(engine, made.body.token);
    const items = (await allPages<{ name: string }>(call, '/v1/me/types?limit=100')).flat();
    expect(items.find(({ name }) => name === 'approval_request')).toEqual({
      name: 'approval_request',
      label: { en: 'Approval request', fr: 'Demande d’approbation' },
      category: 'contracts',
      icon: 'file-check',
      color: '#2563eb',
      supportedChannels: expect.arrayContaining(['in_app', 'email']) as unknown,
      lockedChannels: [],
      critical: false,
      cadence: 'immediate',
    });
    const names = items.map(({ name }) => name);
    expect(names).not.toContain('mention');
    expect(names).not.toContain('digest');
  });
});

describe('the types of all tenants', () => {
  const platform = (name: string) => `/v1/platform/types/${name}`;

  it('are an operator’s to change and make, under what each tenant changes', async () => {
    await put('contract_updated', { severity: 'error' });
    const call = <T>(method: 'PUT' | 'DELETE' | 'GET', name: string, body?: object) =>
      engine.call<T>(method, platform(name), body, { tenant: null });
    try {
      expect((await call('PUT', 'contract_updated', { severity: 'success', icon: 'flag' })).status).toBe(200);
      expect((await call('PUT', 'maintenance_window', { category: 'operations' })).status).toBe(201);
      expect((await engine.call('GET', type('contract_updated'))).body).toMatchObject({
        severity: 'error',
        icon: 'flag',
      });
      expect((await put('maintenance_window', { critical: true })).body).toMatchObject({
        origin: 'deployment',
        changed: ['critical'],
        category: 'operations',
      });
      const items = (
        await allPages<TypeView>(
          (method, path) => engine.call(method, path, undefined, { tenant: null }),
          '/v1/platform/types?limit=100',
        )
      ).flat();
      expect(items.find(({ name }) => name === 'maintenance_window')).toMatchObject({ critical: false });
      expect(items.some(({ name }) => name === 'invoice_due')).toBe(false);
    } finally {
      expect((await call('DELETE', 'contract_updated')).status).toBe(204);
      expect((await call('DELETE', 'maintenance_window')).status).toBe(204);
    }
    expect((await engine.call('GET', type('contract_updated'))).body).toMatchObject({
      severity: 'error',
      icon: 'edit',
    });
    expect((await engine.call('GET', type('maintenance_window'))).status).toBe(404);
  });

  it('are nobody else’s', async () => {
    const { key } = await keyOf(engine, ['admin']);
    const token = await tokenOf(engine, 'u-1');
    for (const by of [key, token]) {
      expect((await engine.call('PUT', platform('mention'), {}, { token: by })).status).toBe(403);
    }
  });
});
