import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { commandLine } from '../support/command-line.js';
import { eventually, startEngine, type Engine } from '../support/engine.js';

const keys = `k1:${randomBytes(32).toString('base64')}`;
const data = JSON.stringify({ contract: { title: 'NDA with Acme' }, requester: 'Ann' });

let engine: Engine;
let carillon: ReturnType<typeof commandLine>;
let folder: string;

beforeAll(async () => {
  engine = await startEngine({
    temporalAddress: inject('temporalAddress'),
    mongodbUri: inject('mongodbUri'),
    env: { CARILLON_KEYS: keys },
  });
  carillon = commandLine(engine, keys);
  folder = await mkdtemp(join(tmpdir(), 'carillon-cli-'));
  await engine.api('PUT', '/v1/subscribers/ann', { email: 'ann@example.com' });
});
afterAll(async () => {
  await engine.stop();
  await rm(folder, { recursive: true });
});

const json = async (...args: string[]) => {
  const { code, out, err } = await carillon.run(['--json', ...args]);
  return { code, err, answers: out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)])) };
};

describe('send', () => {
  it('sends, waits, and says where it went and why not elsewhere', async () => {
    const { code, out } = await carillon.run([
      'send',
      'approval_request',
      '--to',
      'ann',
      '--data',
      data,
      '--wait',
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(/^ntf_\w+ sent$/m);
    expect(out).toMatch(/^ {2}email via smtp sent$/m);
    expect(out).toMatch(/^ {2}sms skip: not_requested$/m);
    expect(engine.smtp.mails.at(-1)?.envelope.to).toEqual(['ann@example.com']);
  });

  it('answers JSON, and the same again for the same key', async () => {
    const args = ['send', 'approval_request', '--to', 'ann', '--data', data, '--idempotency-key', 'once'];
    const first = await json(...args);
    const second = await json(...args);
    expect([first.answers[0].duplicate, second.answers[0].duplicate]).toEqual([false, true]);
    expect(second.answers[0].id).toBe(first.answers[0].id);
  });

  it.each([
    [
      ['send', 'no_such_type', '--to', 'ann'],
      /unprocessable: there is no type "no_such_type"[^]*request \w+/,
    ],
    [['send', 'mention'], /to whom\?/],
    [['send', 'mention', '--to', 'ann', '--data', '{'], /--data: .*JSON/],
    [['send', 'mention', '--to', 'ann', '--priority', 'urgent'], /choices are/],
  ])('says what is wrong with %j, and ends with 1', async (args, words) => {
    const { code, out, err } = await carillon.run(args);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(words);
    expect(err).not.toMatch(/ at .*\.js:/);
  });
});

describe('an address or a key that is wrong', () => {
  it('is named, without the key', async () => {
    const nowhere = await carillon.run(['export', 'subscribers', '--url', 'http://127.0.0.1:9']);
    expect(nowhere).toMatchObject({ code: 1, out: '' });
    expect(nowhere.err).toMatch(/^http:\/\/127\.0\.0\.1:9 does not answer/);
    const wrong = await carillon.run(['export', 'subscribers'], { CARILLON_API_KEY: 'ck_wrong' });
    expect(wrong.err).toMatch(/^unauthenticated: /);
    expect(wrong.err).not.toContain('ck_wrong');
    const none = await carillon.run(['export', 'subscribers'], { CARILLON_API_KEY: '' });
    expect(none.err).toMatch(/^CARILLON_API_KEY is missing/);
  });

  it('is told to start Carillon where nothing is named and nothing runs', async () => {
    const { code, err } = await carillon.run(['send', 'mention', '--to', 'ann'], {
      CARILLON_URL: '',
      CARILLON_DATA_DIR: folder,
    });
    expect(code).toBe(1);
    expect(err).toMatch(/not running here[^]*npm start[^]*CARILLON_URL/);
  });
});

it('imports people, names the rows that are wrong, and exports what it imports', async () => {
  const csv = join(folder, 'people.csv');
  await writeFile(csv, 'id,email,roles\nbob,bob@example.com,legal;board\ncarl,no mail,\n');
  const { code, answers } = await json('import', csv);
  expect(code).toBe(1);
  expect(answers).toEqual([
    {
      imported: 1,
      updated: 0,
      rejected: 1,
      errors: [{ line: 3, path: 'email', message: expect.any(String) }],
    },
  ]);

  const people = join(folder, 'people.ndjson');
  expect((await json('export', 'subscribers', '-o', people)).answers).toMatchObject([{ count: 2 }]);
  const lines = (await readFile(people, 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toContainEqual({
    id: 'bob',
    email: 'bob@example.com',
    roles: ['legal', 'board'],
    attributes: {},
  });
  const again = await json('import', people);
  expect(again).toMatchObject({ code: 0, answers: [{ imported: 0, rejected: 0 }] });
});

it('exports a list page after page', async () => {
  for (let at = 0; at < 120; at += 1) await engine.api('PUT', `/v1/subscribers/many-${at}`, {});
  const { answers } = await json('export', 'subscribers');
  const ids = answers.map(({ id }) => id as string);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => id.startsWith('many-'))).toHaveLength(120);
});

it('tails deliveries as they come and change', async () => {
  void engine.smtp.behave({ at: 'message', do: { reply: '554 5.6.0 not in this form' } });
  const { child, said } = carillon.start(['--json', 'tail', '--channel', 'email', '--last', '0']);
  const rows = () => said.out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  try {
    // It has looked once when it tells of what comes after.
    await eventually(
      'a delivery that failed',
      async () => {
        await engine.api('POST', '/v1/notifications', {
          type: 'direct',
          to: { recipient: 'ann' },
          channels: ['email'],
          content: { email: { subject: 'Hi', text: 'Hi' } },
        });
        return rows();
      },
      (all) => all.some(({ status }) => status === 'failed'),
    );
    expect(rows().find(({ status }) => status === 'failed')).toMatchObject({
      recipient: 'ann',
      channel: 'email',
    });
  } finally {
    child.kill('SIGTERM');
    await once(child, 'close');
    engine.smtp.behave();
  }
});

it('tries what failed again, once it has counted and was told yes', async () => {
  const dry = await json('redrive', '--channel', 'email', '--dry-run');
  expect(dry.answers[0].count).toBeGreaterThan(0);
  const asked = await carillon.run(['redrive', '--channel', 'email']);
  expect(asked).toMatchObject({ code: 1 });
  expect(asked.err).toMatch(/say --yes/);
  const done = await json('redrive', '--channel', 'email', '--yes');
  expect(done).toMatchObject({ code: 0, answers: [{ status: 'completed' }] });
  expect(done.answers[0].counts.started).toBe(dry.answers[0].count);
});

describe('doctor', () => {
  it('finds everything in order, but nobody who polls the usual queue here', async () => {
    const { code, answers } = await json('doctor');
    const bad = answers[0].findings.filter(({ state }: { state: string }) => state === 'failure');
    expect(bad.map(({ about }: { about: string }) => about)).toEqual([
      'workers: notifications',
      'workers: bulk',
      'housekeeping: minute',
      'housekeeping: day',
    ]);
    expect(code).toBe(1);
    for (const { state, advice } of answers[0].findings)
      if (state === 'failure' || state === 'warning') expect(advice).toMatch(/\w/);
  });

  it('names what is away, missing or lost, and what to do', async () => {
    await engine.mongo.collection('deliveries').dropIndex('tenantId_1_createdAt_-1__id_-1');
    const { out } = await carillon.run(['doctor'], {
      TEMPORAL_ADDRESS: '127.0.0.1:9',
      SMTP_URL: 'smtp://127.0.0.1:9',
      KAFKA_BROKERS: '127.0.0.1:9',
      CARILLON_KEYS: `other:${randomBytes(32).toString('base64')}`,
    });
    for (const [about, words] of [
      ['Temporal', 'set TEMPORAL_ADDRESS'],
      ['email via smtp', 'is SMTP_URL right'],
      ['Kafka', 'are KAFKA_BROKERS'],
      ['data keys', 'put that key back'],
      ['indexes', 'carillon upgrade'],
    ] as const)
      expect(out).toMatch(new RegExp(`^✗ ${about} .*\\n {2}→ .*${words}`, 'm'));
    expect((await carillon.run(['indexes'])).out).toBe('1 indexes built\n');
    expect((await carillon.run(['upgrade', '--dry-run'])).out).toMatch(/^indexes to build: 0$/m);
  });

  it('says which variable is wrong, and never its value', async () => {
    const { code, out } = await carillon.run(['doctor'], { CARILLON_API_PORT: 'secret-port' });
    expect(code).toBe(1);
    expect(out).toMatch(/✗ environment .*\n? *CARILLON_API_PORT: /);
    expect(out).not.toContain('secret-port');
  });
});
