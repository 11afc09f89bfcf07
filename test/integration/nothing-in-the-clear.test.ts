import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { dumpMongo, dumpTemporal, readable } from '../support/everything-stored.js';
import { startSmtpServer, type TestSmtpServer } from '../support/smtp-server.js';
import { accept, asPerson, ended, startChecked, tokenOf, type CheckedEngine } from '../unit/api-checked.js';

/* Secrets and addresses are planted everywhere, runs succeed and fail, and then everything that is kept is searched. */

const mark = randomBytes(6).toString('hex');
const planted = {
  password: `password-${mark}`,
  email: `ann-${mark}@example.com`,
  bare: `bare-${mark}@example.com`,
  phone: `+336${Number.parseInt(mark.slice(0, 7), 16).toString().padStart(8, '0').slice(0, 8)}`,
  pushToken: `push-${mark}`,
  slackUserId: `U-slack-${mark}`,
  teamsUserId: `teams-${mark}`,
  subject: `subject-${mark}`,
  text: `text-${mark}`,
  data: `data-${mark}`,
  url: `https://app.example/url-${mark}`,
};
const words = [...Object.values(planted), mark];

let engine: CheckedEngine;
let own: TestSmtpServer;
let token: string;
const log: string[] = [];

beforeAll(async () => {
  const write = fs.write.bind(fs) as (...args: unknown[]) => void;
  vi.spyOn(fs, 'write').mockImplementation((fd: number, text: unknown, ...rest: unknown[]) => {
    if (fd !== 1) return write(fd, text, ...rest);
    log.push(String(text));
    const done = rest.at(-1) as (error: null, bytes: number) => void;
    done(null, Buffer.byteLength(String(text)));
  });
  own = await startSmtpServer({ auth: { user: 'acme', pass: planted.password } });
  engine = await startChecked({ env: { LOG_LEVEL: 'trace', CARILLON_ALLOW_PRIVATE_ADDRESSES: 'true' } });
  await story();
}, 120_000);
afterAll(async () => {
  await engine.stop();
  await own.close();
  vi.restoreAllMocks();
});

async function story(): Promise<void> {
  const smtp = '/v1/tenant/channels/email/providers/smtp';
  const credentials = { host: '127.0.0.1', port: own.port, user: 'acme', pass: planted.password };
  const from = 'news@acme.example';
  await engine.call('PUT', smtp, { credentials: { ...credentials, from } });
  const { email, phone, pushToken, slackUserId, teamsUserId } = planted;
  const person = { email, phone, pushTokens: [pushToken], slackUserId, teamsUserId };
  await engine.call('PUT', '/v1/subscribers/u-1', person);
  token = await tokenOf(engine, 'u-1');
  await asPerson(engine, token)('PATCH', '/v1/me', { phone });
  const { subject, text, data, url } = planted;
  const said = {
    type: 'direct',
    channels: ['email'],
    content: { email: { subject: `${subject} {{ secret }}`, text }, sms: { text } },
    data: { secret: data },
    actionUrl: url,
  };
  const send = async (to: object, more: object = {}) =>
    ended(engine, await accept(engine, { ...said, to, ...more }));
  expect((await send({ recipient: 'u-1' })).status).toBe('sent');
  // Failures, each told in another way: the server echoes the address, the login is wrong, the template breaks.
  own.behave({ at: 'recipient', do: { reply: '550 5.1.1 <{to}>: no such user, {to}' } });
  expect((await send({ recipient: { email: planted.bare } })).status).toBe('failed');
  own.behave();
  await engine.call('PUT', smtp, { credentials: { ...credentials, from, pass: `${planted.password}-old` } });
  expect((await send({ recipient: { id: 'u-2', email, phone } })).status).toBe('failed');
  const broken = { email: { subject, text: '{{ secret | date: "%" | nothing }}{% if %}' } };
  await engine.call('POST', '/v1/notifications', { ...said, to: { recipient: 'u-1' }, content: broken });
  // Held and stopped: what is amended travels as an update, and a note as a signal.
  const held = await accept(engine, {
    ...said,
    to: { recipient: { id: 'u-1', email } },
    sendAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  await engine.call('PATCH', `/v1/notifications/${held}`, { data: { secret: data } });
  await engine.call('POST', `/v1/notifications/${held}/cancel`, {});
  await ended(engine, held);
  await engine.call('PATCH', '/v1/subscribers/u-1', { slackUserId, teamsUserId, email });
}

it('sent what it was to send', () => {
  expect(own.mails.map(({ parsed }) => parsed.subject)).toEqual([`${planted.subject} ${planted.data}`]);
});

it('finds what stands there in the clear, so that finding nothing means something', async () => {
  const rows = await dumpMongo(engine.mongo);
  expect(rows.length).toBeGreaterThan(10);
  expect(readable(rows, ['no such user']).length).toBeGreaterThan(0);
  const runs = await dumpTemporal(engine.client, engine.tenantId);
  expect(runs.length).toBeGreaterThan(3);
  expect(readable(runs, ['email via smtp']).length).toBeGreaterThan(0);
});

it('leaves no credential, token, address or content readable in the database', async () => {
  const rows = await dumpMongo(engine.mongo);
  expect(readable(rows, [...words, token.split('.')[2] ?? ''])).toEqual([]);
});

it('leaves none readable in the histories, and in what the Web UI lists', async () => {
  expect(readable(await dumpTemporal(engine.client, engine.tenantId), words)).toEqual([]);
});

it('leaves none in the log', () => {
  const lines = log.map((text, index) => ({ place: `line ${index}`, text }));
  expect(readable(lines, ['delivery failed']).length).toBeGreaterThan(0);
  expect(readable(lines, [...words, engine.bootstrapKey, token])).toEqual([]);
});
