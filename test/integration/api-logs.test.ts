import fs from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  accept,
  approval,
  asPerson,
  ended,
  run,
  startChecked,
  tokenOf,
  type CheckedEngine,
} from '../unit/api-checked.js';

// API and worker write their log to the process's standard output, at the chattiest level.
let engine: CheckedEngine;
const written: string[] = [];
beforeAll(async () => {
  const write = fs.write.bind(fs) as (...args: unknown[]) => void;
  vi.spyOn(fs, 'write').mockImplementation((fd: number, text: unknown, ...rest: unknown[]) => {
    if (fd !== 1) return write(fd, text, ...rest);
    written.push(String(text));
    const done = rest.at(-1) as (error: null, bytes: number) => void;
    done(null, Buffer.byteLength(String(text)));
  });
  engine = await startChecked({ env: { LOG_LEVEL: 'trace' } });
});
afterAll(async () => {
  await engine.stop();
  vi.restoreAllMocks();
});

const log = () => written.join('');

it('tells of a delivery that failed, and nowhere of an address, a key, a token or a content', async () => {
  engine.smtp.behave({ at: 'recipient', do: { reply: '550 5.1.1 <{to}>: no such user here' } });
  const bare = await ended(
    engine,
    await accept(engine, {
      type: 'direct',
      to: { recipient: { email: 'planted@example.com' } },
      content: { email: { subject: 'Planted subject', text: 'Planted text for {{ recipient.email }}' } },
      data: { secret: 'Planted data' },
    }),
  );
  expect(bare.status).toBe('failed');
  await run(
    engine,
    approval('u-1', {
      to: { recipient: { id: 'u-1', email: 'planted@example.com', phone: '+33600000001' } },
    }),
  );
  const token = await tokenOf(engine, 'u-1');
  await asPerson(engine, token)('PATCH', '/v1/me', { email: 'planted-too@example.com' });
  await engine.call('GET', '/v1/me', undefined, { token: `${token}x` });
  await engine.call('GET', '/v1/tenant', undefined, { token: 'ck_planted_key_of_nobody' });

  expect(log()).toContain('"msg":"delivery failed"');
  expect(log()).toContain('550 5.1.1');
  expect(log()).not.toMatch(/planted|33600000001/i);
  expect(log()).not.toContain(engine.bootstrapKey);
  expect(log()).not.toContain(token.split('.')[2]);
  for (const line of log().trim().split('\n')) expect(() => JSON.parse(line) as unknown, line).not.toThrow();
});

it('says of each line to which request or run it belongs', () => {
  const lines = log()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const requests = lines.filter(({ msg }) => msg === 'request answered');
  expect(requests.length).toBeGreaterThan(3);
  for (const line of requests) expect(line.requestId, JSON.stringify(line)).toMatch(/^[\w.-]+$/);
  expect(requests.map(({ route }) => route)).toContain('/v1/notifications');
  const failed = lines.filter(({ msg }) => msg === 'delivery failed');
  expect(failed.length).toBeGreaterThan(0);
  for (const line of failed)
    expect(line).toMatchObject({
      workflowId: expect.stringMatching(/^notification\//) as string,
      runId: expect.any(String) as string,
      activity: 'deliver',
    });
});
