import { afterAll, beforeAll, expect, it } from 'vitest';
import { accept, ended, startChecked, type CheckedEngine } from '../unit/api-checked.js';

let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked();
});
afterAll(() => engine.stop());

it('takes one trigger to the mail, the inbox and the log', async () => {
  const id = await accept(engine, {
    type: 'approval_request',
    to: { recipient: { id: 'u-42', email: 'ann@example.com' } },
    data: { contract: { title: 'NDA with Acme' }, requester: 'Ann' },
  });
  const { status, deliveries } = await ended(engine, id);
  expect(status).toBe('sent');
  expect(deliveries.map(({ channel, status: ending }) => [channel, ending])).toEqual([
    ['email', 'sent'],
    ['in_app', 'sent'],
  ]);
  expect(engine.smtp.mails).toHaveLength(1);
});
