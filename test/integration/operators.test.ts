import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { temporalBinary } from '../../embedded/servers/binaries.js';
import { eventually, startEngine, type Engine } from '../support/engine.js';

const run = promisify(execFile);
const tenant = `ops-${Date.now().toString(36)}`;

let engine: Engine;
let binary: string;

beforeAll(async () => {
  binary = await temporalBinary(() => undefined);
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    tenant: { id: tenant, timezone: 'Europe/Paris' },
  });
});
afterAll(() => engine.stop());

/** The CLI as an operator types it: without the key ring. */
async function temporal(...args: string[]): Promise<string> {
  const { stdout } = await run(binary, [...args, '--address', engine.config.TEMPORAL_ADDRESS]);
  return stdout;
}

async function held(): Promise<{ id: string; workflowId: string }> {
  const { body } = await engine.api('POST', '/v1/notifications?wait=decision', {
    type: 'approval_request',
    to: { recipient: { id: 'u-42', email: 'ann@example.com' } },
    sendAt: new Date(Date.now() + 3_600_000).toISOString(),
    data: { contract: { title: 'Planted-Secret' } },
  });
  expect(body.decision.status).toBe('held');
  return body as { id: string; workflowId: string };
}

async function ended(id: string, status: string): Promise<void> {
  await eventually(
    status,
    () => engine.api('GET', `/v1/notifications/${id}`),
    ({ body }) => body.status === status,
  );
}

describe('an operator with the Temporal CLI', () => {
  it('finds a tenant’s runs by search attribute, and what waits among them', async () => {
    const { workflowId } = await held();
    const query = `CarillonTenant="${tenant}" AND CarillonRecipient="u-42" AND CarillonStatus="held"`;
    await eventually(
      'listed',
      () => temporal('workflow', 'list', '--query', query, '--output', 'json'),
      (listed) => listed.includes(workflowId),
    );
  });

  it('reads what a run is about and what it waits for, without the key ring', async () => {
    const { workflowId } = await held();
    const described = await temporal('workflow', 'describe', '-w', workflowId);
    expect(described).toContain('approval_request → u-42');
    const metadata = await temporal('workflow', 'metadata', '-w', workflowId, '--output', 'json');
    expect(metadata).toMatch(/held until \d{4}-\d\d-\d\d \d\d:\d\d Europe\/Paris: scheduled/);
  });

  it('sees neither contents nor addresses in a history', async () => {
    const { workflowId } = await held();
    const history = await temporal('workflow', 'show', '-w', workflowId, '--output', 'json');
    const decoded = history.replace(/"data": "([A-Za-z0-9+/=]+)"/g, (_all, text: string) =>
      Buffer.from(text, 'base64').toString('latin1'),
    );
    expect(decoded).not.toContain('Planted-Secret');
    expect(decoded).not.toContain('ann@example.com');
    expect(decoded).toContain('approval_request');
  });

  it('cancels a run with a signal typed by hand', async () => {
    const { id, workflowId } = await held();
    await temporal('workflow', 'signal', '-w', workflowId, '--name', 'cancel');
    await ended(id, 'cancelled');
    expect(engine.smtp.mails).toHaveLength(0);
  });

  it('expedites a run with a signal typed by hand, with or without an argument', async () => {
    const { id, workflowId } = await held();
    await temporal(
      'workflow',
      'signal',
      '-w',
      workflowId,
      '--name',
      'expedite',
      '--input',
      '{"by":"night shift"}',
    );
    await ended(id, 'sent');
    expect(engine.smtp.mails).toHaveLength(1);
  });

  it('ends a run by a cancellation request as if it had been cancelled over the API', async () => {
    const { id, workflowId } = await held();
    await temporal('workflow', 'cancel', '-w', workflowId);
    await ended(id, 'cancelled');
  });
});
