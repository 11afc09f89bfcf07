import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { ApiDependencies } from '../../api/dependencies.js';
import { hooks } from '../../api/hooks/hooks.js';
import { SnsCertificates, type SnsMessage } from '../../events/callbacks/sns.js';
import { DeliveryTokens } from '../../models/delivery-tokens.js';
import { snsSigner, topicArn, type SnsSigner } from '../support/sns-signer.js';

// With keys, signatures and tokens as they are; only AWS is not called.

let signer: SnsSigner;
const deliveryTokens = new DeliveryTokens({ purposeKey: () => Promise.resolve(Buffer.alloc(32, 7)) });
const call = vi.fn((_url: string) => Promise.resolve(new Response('<ok/>', { status: 200 })));

beforeAll(async () => {
  signer = await snsSigner();
});

function dependencies(credentials: Record<string, unknown> = { topicArn }): ApiDependencies {
  return {
    credentials: { of: () => Promise.resolve([{ channel: 'email', provider: 'ses', credentials }]) },
    models: { deliveryTokens },
    snsCertificates: new SnsCertificates(() => Promise.resolve(signer.certificate)),
    network: { fetch: call },
    log: { info: () => undefined },
  } as unknown as ApiDependencies;
}
async function take(message: SnsMessage) {
  const taking = await hooks.get('ses')?.open(dependencies(), 'acme');
  if (!taking) throw new Error('not set up');
  const body = Buffer.from(JSON.stringify(message));
  return taking({ body, header: () => undefined, url: '', nowMs: Date.now() });
}

describe('callbacks of Amazon SES', () => {
  it('are not set up without a topic', async () => {
    expect(await hooks.get('ses')?.open(dependencies({ region: 'eu-west-1' }), 'acme')).toBeUndefined();
  });

  it('tell of the delivery whose name the mail carried as a tag', async () => {
    const id = `ntf_k${'0123456789abcdef'.repeat(2)}`;
    const token = await deliveryTokens.write('acme', id, 'email');
    const event = { eventType: 'Delivery', mail: { tags: { carillon: [token] } }, delivery: {} };
    const taken = await take(signer.sign({ Message: JSON.stringify(event) }));
    expect(taken).toMatchObject({
      ok: true,
      told: { feedback: [{ kind: 'delivered', deliveryId: `${id}-email` }] },
    });
    const theirs = await deliveryTokens.write('globex', id, 'email');
    const foreign = { ...event, mail: { tags: { carillon: [theirs] } } };
    expect(await take(signer.sign({ Message: JSON.stringify(foreign) }))).toMatchObject({
      told: { feedback: [] },
    });
  });

  const confirmation = (SubscribeURL: string) =>
    signer.sign({ Type: 'SubscriptionConfirmation', Token: 'abc', SubscribeURL });
  const right = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc';

  it('begin once the subscription is confirmed, at SNS', async () => {
    call.mockClear();
    expect(await take(confirmation(right))).toMatchObject({ ok: true, told: { feedback: [] } });
    expect(call.mock.calls.map(([url]) => url)).toEqual([right]);
  });

  it('confirm nothing elsewhere, and nothing that is forged', async () => {
    call.mockClear();
    await take(confirmation('https://evil.example/?Action=ConfirmSubscription'));
    await take({ ...confirmation(right), Token: 'changed' });
    await take(signer.sign({ Type: 'UnsubscribeConfirmation', Token: 'abc', SubscribeURL: right }));
    expect(call).not.toHaveBeenCalled();
  });

  it('fail where SNS does not take the confirmation, so that it asks again', async () => {
    call.mockResolvedValueOnce(new Response('', { status: 503 }));
    await expect(take(confirmation(right))).rejects.toThrow('SNS answered 503');
  });
});
