import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  approval,
  inSeconds,
  plan,
  startChecked,
  type CheckedEngine,
  type Full,
  type Refusal,
} from '../unit/api-checked.js';

let engine: CheckedEngine;
const variables = {
  type: 'object',
  properties: {
    contract: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] },
    amount: { type: 'number' },
  },
  required: ['contract'],
};
beforeAll(async () => {
  engine = await startChecked();
  const made = await engine.call('PUT', '/v1/types/offer', {
    category: 'sales',
    contentRequired: true,
    variables,
  });
  expect(made.status).toBe(201);
});
afterAll(() => engine.stop());

const content = { in_app: { title: '{{ contract.title }}', message: 'An offer' } };
const offer = (id: string, data: object, more = {}) =>
  approval(id, { type: 'offer', content, data, to: { recipient: { id } }, ...more });
const good = { contract: { title: 'NDA' } };
const paths = (body: Refusal) => body.errors?.map(({ path }) => path);

describe('data that does not fit its type', () => {
  it('is refused with the path of each thing, and without repeating it', async () => {
    const data = { contract: { title: ['ann@example.com'] }, amount: 'ann@example.com' };
    const answer = await engine.call('POST', '/v1/notifications', offer('u-1', data));
    expect(answer).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
    expect(paths(answer.body)).toEqual(['data.contract.title', 'data.amount']);
    expect(JSON.stringify(answer.body)).not.toContain('ann@');
  });

  it('is refused in its place in a batch', async () => {
    const { body } = await engine.call<{ items: (Refusal & { statusCode: number })[] }>(
      'POST',
      '/v1/notifications/batch',
      [offer('u-1', good), offer('u-1', {})],
    );
    expect(body.items.map(({ statusCode }) => statusCode)).toEqual([202, 422]);
    expect(body.items[1]?.errors).toEqual([{ path: 'data.contract', message: 'is missing' }]);
  });

  it('is not looked at again under the key of what was accepted, though the type was changed since', async () => {
    const key = { idempotencyKey: 'offer-1' };
    await plan(engine, offer('u-1', good, key));
    await engine.call('PUT', '/v1/types/offer', {
      category: 'sales',
      contentRequired: true,
      variables: { ...variables, required: ['contract', 'amount'] },
    });
    expect((await engine.call('POST', '/v1/notifications', offer('u-1', good, key))).status).toBe(200);
    expect((await engine.call('POST', '/v1/notifications', offer('u-1', good))).status).toBe(422);
    await engine.call('PUT', '/v1/types/offer', { category: 'sales', contentRequired: true, variables });
  });

  it('does not amend what waits', async () => {
    const id = await plan(engine, offer('u-2', good, { sendAt: inSeconds(600) }));
    const amend = (data: object) => engine.call<Full & Refusal>('PATCH', `/v1/notifications/${id}`, { data });
    const refused = await amend({ contract: {} });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: 'data.contract.title' }] } });
    expect(await amend({ contract: { title: 'Other' } })).toMatchObject({ status: 200 });
  });
});

describe('a broadcast’s data', () => {
  const broadcast = (data: object, audience?: object) =>
    engine.call<Refusal & { id: string }>('POST', '/v1/broadcasts', {
      name: 'Offers',
      type: 'offer',
      content,
      data,
      ...(audience ? { audience } : {}),
    });

  it('is checked as each listed recipient gets it', async () => {
    const mixed = await broadcast(
      { amount: 1 },
      {
        recipients: [
          { id: 'u-1', data: good },
          { id: 'u-2', data: { ...good, amount: 'x' } },
        ],
      },
    );
    expect(mixed.status).toBe(422);
    expect(paths(mixed.body)).toEqual(['audience.recipients.1.data.amount']);
    const plain = await broadcast({ amount: 1 }, { recipients: [{ id: 'u-1', data: good }, 'u-2'] });
    expect(paths(plain.body)).toEqual(['data.contract']);
    expect((await broadcast({}, { recipients: [{ id: 'u-1', data: good }] })).status).toBe(202);
  });

  it('is checked by itself where people come by a topic, or as a list of IDs', async () => {
    await engine.call('PUT', '/v1/topics/w-1/members', { add: ['u-1'] });
    expect(paths((await broadcast({}, { topic: 'w-1' })).body)).toEqual(['data.contract']);
    const many = await engine.call('POST', '/v1/notifications', {
      type: 'offer',
      content,
      to: { recipients: ['u-1'] },
    });
    expect(many).toMatchObject({ status: 422, body: { errors: [{ path: 'data.contract' }] } });
  });

  it('is checked line by line where the list is streamed', async () => {
    const draft = await broadcast({ amount: 1 });
    expect(draft.status).toBe(201);
    const lines = [{ id: 'u-1', data: good }, 'u-2', { id: 'u-3', data: { contract: { title: 3 } } }];
    const { status, body } = await engine.call<object>(
      'POST',
      `/v1/broadcasts/${draft.body.id}/recipients`,
      undefined,
      {
        raw: lines.map((line) => JSON.stringify(line)).join('\n'),
        headers: { 'content-type': 'application/x-ndjson' },
      },
    );
    expect(status).toBe(200);
    expect(body).toEqual({
      added: 1,
      rejected: 2,
      errors: [
        { line: 2, path: 'data.contract', message: 'is missing' },
        { line: 3, path: 'data.contract.title', message: 'must be string' },
      ],
    });
  });
});
