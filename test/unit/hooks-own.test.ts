import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { ApiDependencies } from '../../api/dependencies.js';
import { allHooks } from '../../api/hooks/hooks.js';
import type { OwnCallbacks } from '../../channels/own-channel.js';
import { channelsIn } from '../../channels/own-modules.js';
import { channelRegistry } from '../../channels/registry.js';
import { DeliveryTokens } from '../../models/delivery-tokens.js';

const id = `ntf_k${'0123456789abcdef'.repeat(2)}`;
const deliveryId = `${id}-x_pager`;
const deliveryTokens = new DeliveryTokens({ purposeKey: () => Promise.resolve(Buffer.alloc(32, 7)) });
const log = { error: vi.fn() };
afterEach(() => log.error.mockClear());

const least = {
  provider: 'mine',
  credentials: z.strictObject({ key: z.string() }),
  targetOf: () => 'p-1',
  verify: () => undefined,
  send: () => undefined,
};
/** A stranger's code gives what it likes. */
type Given = { [Name in keyof OwnCallbacks]?: (...given: Parameters<OwnCallbacks[Name]>) => unknown };

interface Deployment {
  /** By channel. */
  stored?: Record<string, { credentials?: unknown; problem?: string }>;
  publicUrl?: string | undefined;
}
const deployment: Deployment = {
  stored: { x_pager: { credentials: { key: 'k-one' } } },
  publicUrl: 'https://notify.example',
};

/** As the route calls it. */
async function take(callbacks: Given, changes: Deployment = {}) {
  const { stored = {}, publicUrl } = { ...deployment, ...changes };
  const reads = { verify: () => true, read: () => undefined, ...callbacks };
  const channels = ['x_pager', 'x_fax'].map((channel) => ({ ...least, channel, callbacks: reads }));
  const deps = {
    channels: channelRegistry(channelsIn({ channels })),
    config: { CARILLON_PUBLIC_URL: publicUrl },
    credentials: {
      of: () =>
        Promise.resolve(
          Object.entries(stored).map(([channel, rest]) => ({ channel, provider: 'mine', ...rest })),
        ),
    },
    models: { deliveryTokens },
    log,
  } as unknown as ApiDependencies;
  const taking = await allHooks(deps).get('mine')?.open(deps, 'acme');
  return taking?.({
    body: Buffer.from('{}'),
    header: () => undefined,
    url: `https://notify.example/hooks/acme/mine?delivery=${deliveryId}`,
    nowMs: Date.now(),
  });
}

describe('the callbacks of a module of the deployment’s own', () => {
  it('are told with the delivery that the address names, or a token', async () => {
    const token = await deliveryTokens.write('acme', id, 'x_pager');
    const taken = await take({
      read: (call) => [
        { kind: 'delivered', deliveryId: call.deliveryId, at: '2026-05-04T08:00:00Z' },
        { kind: 'clicked', deliveryId: call.deliveryOf(token ?? '') },
        { kind: 'stopped', address: 'p-1' },
      ],
    });
    expect(taken).toMatchObject({
      ok: true,
      told: {
        feedback: [
          { kind: 'delivered', deliveryId, at: new Date('2026-05-04T08:00:00Z') },
          { kind: 'clicked', deliveryId, at: expect.any(Date) as Date },
        ],
        answers: [{ kind: 'stopped', channel: 'x_pager', address: 'p-1' }],
      },
    });
  });

  it('tell nothing of deliveries on other channels', async () => {
    const read = () => [{ kind: 'delivered', deliveryId: `${id}-email` }];
    expect(await take({ read })).toMatchObject({ ok: true, told: { feedback: [] } });
  });

  it('are kept without addresses and secrets in their words', async () => {
    const read = () => [
      {
        kind: 'bounced',
        deliveryId,
        failureReason: 'invalid_recipient',
        detail: 'p-9021 is none for k-one',
        addresses: ['p-9021'],
      },
    ];
    const taken = await take({ read });
    expect(taken).toMatchObject({ told: { feedback: [{ addresses: ['p-9021'] }] } });
    expect(JSON.stringify(taken)).not.toMatch(/p-9021 is|k-one/);
  });

  it.each<[string, unknown]>([
    ['false', false],
    ['nothing', undefined],
    ['what is merely true enough', 'yes'],
    ['a promise of nothing', Promise.resolve()],
  ])('are refused where it proves them by %s', async (_what, verdict) => {
    const read = vi.fn();
    expect(await take({ verify: () => verdict, read })).toMatchObject({ ok: false });
    expect(read).not.toHaveBeenCalled();
  });

  it('are refused where it fails to prove them, and the failure is in the log', async () => {
    const bug = new TypeError('x is not a function');
    const verify = () => {
      throw bug;
    };
    expect(await take({ verify })).toMatchObject({ ok: false });
    expect(log.error).toHaveBeenCalledWith(
      { tenantId: 'acme', provider: 'mine', channel: 'x_pager', err: bug },
      'a callback could not be verified',
    );
  });

  it.each<[string, () => unknown]>([
    ['throws', () => Promise.reject(Object.assign(new Error('no'), { status: 400 }))],
    ['answers no list', () => ({ kind: 'delivered', deliveryId })],
    ['tells what there is not', () => [{ kind: 'eaten', deliveryId }]],
    ['names no delivery', () => [{ kind: 'delivered' }]],
    ['misspells a field', () => [{ kind: 'opened', deliveryId, track: true }]],
    ['tells too much at once', () => Array.from({ length: 1001 }, () => ({ kind: 'delivered', deliveryId }))],
  ])('fail on our side where it %s, so that the provider calls again', async (_what, read) => {
    await expect(take({ read })).rejects.toThrow('a callback of x_pager/mine could not be read');
  });

  it('are proved by the credentials of any channel that the provider serves', async () => {
    const stored = { x_pager: { credentials: { key: 'a' } }, x_fax: { credentials: { key: 'b' } } };
    const verify = (_call: unknown, credentials: unknown) => (credentials as { key: string }).key === 'b';
    const read = () => [
      { kind: 'delivered', deliveryId },
      { kind: 'delivered', deliveryId: `${id}-x_fax` },
    ];
    const taken = await take({ verify, read }, { stored });
    expect(taken).toMatchObject({ ok: true, told: { feedback: [{ deliveryId: `${id}-x_fax` }] } });
  });

  it('are nobody’s without credentials that can be read, and without a public address', async () => {
    expect(await take({}, { stored: {} })).toBeUndefined();
    expect(await take({}, { stored: { x_pager: { problem: 'no key' } } })).toBeUndefined();
    expect(await take({}, { publicUrl: undefined })).toBeUndefined();
  });

  it.each<[string, object, string]>([
    ['that have no proof', { callbacks: { read: () => [] } }, 'callbacks verify must be a function'],
    ['that are a function', { callbacks: () => true }, 'callbacks must be an object'],
    [
      'under a name of Carillon’s',
      { provider: 'twilio', callbacks: { verify: () => true, read: () => [] } },
      'callbacks are read by Carillon itself',
    ],
  ])('are not taken at the start %s', (_what, changes, words) => {
    expect(() => channelsIn({ default: { ...least, channel: 'x_pager', ...changes } })).toThrow(words);
  });
});
