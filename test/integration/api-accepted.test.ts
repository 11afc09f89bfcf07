import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accept,
  approval,
  inSeconds,
  reached,
  startChecked,
  type Accepted,
  type CheckedEngine,
  type Full,
} from '../unit/api-checked.js';

// Between acceptance and the first plan: nobody works until the last test starts a worker.
let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked({ worker: false, env: { TEMPORAL_UI_URL: 'http://ui.test:8233/' } });
});
afterAll(() => engine.stop());

const read = (id: string) => engine.call<Full>('GET', `/v1/notifications/${id}`);

describe('a notification that is accepted and not yet planned', () => {
  it('is readable at once, in the shape that it has later', async () => {
    const details = {
      priority: 'high',
      actor: 'u-7',
      related: { type: 'contract', id: 'c-1' },
      actionUrl: '/contracts/c-1',
      sendAt: inSeconds(3600),
      expiresAt: inSeconds(7200),
    };
    const asked = approval('u-early', details);
    const id = await accept(engine, asked);
    const { status, body } = await read(id);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      type: 'approval_request',
      category: 'contracts',
      recipient: 'u-early',
      status: 'accepted',
      ...details,
      data: asked.data,
      heldUntil: null,
      plan: { sequence: 0, channels: {} },
      deliveries: [],
      timeline: [{ event: 'accepted' }],
    });
    expect(body.temporalUrl).toBe(
      `http://ui.test:8233/namespaces/default/workflows/${encodeURIComponent(body.workflowId)}`,
    );
  });

  it('shows a bare address by its hash', async () => {
    const id = await accept(engine, approval('', { to: { recipient: { email: 'early@example.com' } } }));
    const { body } = await read(id);
    expect(body.recipient).toMatch(/^address_[\w-]{32}$/);
    expect(JSON.stringify(body)).not.toContain('early@');
  });

  it('is not there for another tenant', async () => {
    const id = await accept(engine, approval('u-early'));
    const tenant = `${engine.tenantId}-b`;
    await engine.call('POST', '/v1/tenants', { id: tenant, name: 'Other' });
    const other = await engine.call('GET', `/v1/notifications/${id}`, undefined, { tenant });
    expect(other).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('answers its key again with 200, and another request under it with 409', async () => {
    const body = approval('u-early', { idempotencyKey: randomUUID() });
    const first = await engine.call<Accepted>('POST', '/v1/notifications', body);
    const again = await engine.call<Accepted>('POST', '/v1/notifications', body);
    const other = await engine.call('POST', '/v1/notifications', { ...body, data: {} });
    expect([first.status, again.status, other.status]).toEqual([202, 200, 409]);
    expect(again.body).toMatchObject({ id: first.body.id, duplicate: true });
  });

  it('has no item that could be corrected', async () => {
    const id = await accept(engine, approval('u-early'));
    const answer = await engine.call('PATCH', `/v1/notifications/${id}/in-app`, { title: 'Other' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('is shown as failed when its run was terminated from outside', async () => {
    const id = await accept(engine, approval('u-terminated'));
    await engine.client.workflow.getHandle(`notification/${engine.tenantId}/${id}`).terminate('by hand');
    expect((await read(id)).body).toMatchObject({ status: 'failed', deliveries: [] });
  });

  it('is accepted without a decision when nobody decides in time', async () => {
    const answer = await engine.call<Accepted>(
      'POST',
      '/v1/notifications?wait=decision',
      approval('u-undecided', { idempotencyKey: randomUUID() }),
    );
    expect(answer).toMatchObject({ status: 202, body: { status: 'accepted', duplicate: false } });
    expect(answer.body.decision).toBeUndefined();
    expect((await read(answer.body.id)).body.status).toBe('accepted');
  });

  it('can be cancelled and retracted before anybody works on it', async () => {
    const cancelled = await accept(engine, approval('u-cancelled-early'));
    const retracted = await accept(engine, approval('u-retracted-early'));
    expect(await engine.call('POST', `/v1/notifications/${cancelled}/cancel`)).toMatchObject({
      status: 202,
      body: { id: cancelled, status: 'accepted' },
    });
    expect((await engine.call('DELETE', `/v1/notifications/${retracted}`)).status).toBe(204);
    await engine.startWorker();
    for (const id of [cancelled, retracted]) {
      const done = await reached(engine, id, 'cancelled');
      expect(done.plan.channels.email).toEqual({ action: 'skip', reason: 'cancelled' });
    }
    const early = ['u-cancelled-early@example.com', 'u-retracted-early@example.com'];
    expect(engine.smtp.mails.filter(({ envelope }) => early.includes(envelope.to[0] ?? ''))).toEqual([]);
  });
});
