import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/engine.js';
import {
  accept,
  approval,
  inSeconds,
  keyOf,
  plan,
  reached,
  run,
  startChecked,
  type CheckedEngine,
  type Listed,
  type Page,
} from '../unit/api-checked.js';

let engine: CheckedEngine;
beforeAll(async () => {
  engine = await startChecked();
});
afterAll(() => engine.stop());

interface Content {
  channel: string;
  template: string | null;
  locale: string;
  rendered: Record<string, string>;
  masked: string[];
}

async function contentOf(delivery: string): Promise<Content> {
  const { status, body } = await engine.call<Content>('GET', `/v1/deliveries/${delivery}/content`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

describe('what a delivery said', () => {
  it('is written once more, in the person’s language, on each channel', async () => {
    const to = { recipient: { id: 'u-fr', email: 'u-fr@example.com', locale: 'fr' } };
    const { id } = await run(engine, approval('u-fr', { to }));
    const sent = engine.smtp.mails.at(-1)?.parsed;
    const mail = await contentOf(`${id}-email`);
    expect(mail).toMatchObject({ channel: 'email', template: null, locale: 'fr', masked: [] });
    expect(mail.rendered.subject).toBe(sent?.subject);
    const item = await contentOf(`${id}-in_app`);
    expect(item.rendered.title).toContain('Ann');
  });

  it('is what the caller said, where the caller brought it', async () => {
    const content = { email: { subject: 'For {{ name }}', text: 'Hello {{ name }}' } };
    const { id } = await run(engine, {
      type: 'direct',
      to: { recipient: { id: 'u-own', email: 'u-own@example.com' } },
      channels: ['email'],
      content,
      data: { name: 'Ben' },
    });
    expect((await contentOf(`${id}-email`)).rendered).toMatchObject({
      subject: 'For Ben',
      text: expect.stringContaining('Hello Ben') as string,
    });
  });

  it('has dots in place of what is sensitive', async () => {
    const { id } = await run(engine, {
      type: 'password_reset',
      to: { recipient: { id: 'u-reset', email: 'u-reset@example.com' } },
      channels: ['email'],
      actionUrl: 'https://app.example/reset?s3cret',
      data: { link: 'https://app.example/reset?s3cret', code: '998877', expiresIn: '15 minutes' },
    });
    const { rendered, masked } = await contentOf(`${id}-email`);
    expect(masked).toEqual(['link', 'code']);
    expect(JSON.stringify(rendered)).not.toMatch(/s3cret|998877/);
  });

  it('is of a digest what it gathered', async () => {
    const digest = { digestKey: 'k', digest: { period: 'PT1H' } };
    const item = await accept(engine, approval('u-dig', digest));
    await reached(engine, item, 'digesting');
    // It is a moment from the decision to the window.
    const { body: open } = await eventually(
      'its digest',
      () => engine.call<Page<{ id: string }>>('GET', '/v1/digests?recipient=u-dig'),
      ({ body }) => body.items.length > 0,
    );
    const path = `/v1/digests/${open.items[0]?.id}`;
    await engine.call('POST', `${path}/expedite`, {});
    const { body: sent } = await eventually(
      'the digest is sent',
      () => engine.call<{ status: string; notificationId: string }>('GET', path),
      ({ body }) => body.status === 'sent',
    );
    await reached(engine, sent.notificationId, 'sent');
    const { rendered } = await contentOf(`${sent.notificationId}-email`);
    expect(JSON.stringify(rendered)).toContain('Ann asks');
  });

  it('is for an admin alone, and not there where the delivery is not', async () => {
    const { key } = await keyOf(engine, ['manager']);
    const path = '/v1/deliveries/ntf_none-email/content';
    expect((await engine.call('GET', path, undefined, { token: key })).status).toBe(403);
    expect((await engine.call('GET', path)).status).toBe(404);
  });
});

it('says of what waits until when and why, and how much of it there is', async () => {
  const sendAt = inSeconds(7200);
  const id = await plan(engine, approval('u-later', { sendAt }));
  await reached(engine, id, 'held');
  const { body } = await engine.call<Page<Listed>>('GET', '/v1/notifications?recipient=u-later&status=held');
  const hold = { action: 'hold', until: new Date(sendAt).toISOString(), reason: 'scheduled' };
  expect(body.items[0]?.waits).toEqual(
    expect.arrayContaining([
      { channel: 'in_app', ...hold },
      { channel: 'email', ...hold },
    ]),
  );
  const { body: backlog } = await engine.call<object>('GET', '/v1/backlog');
  expect(backlog).toEqual({
    notifications: { held: 1, digesting: 0, sending: 0 },
    deliveries: { retrying: 0, parked: 0 },
    cap: 10_000,
  });
});
