import { errors } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeySetError, RemoteKeySet, type KeySetTimes } from '../../api/key-set.js';
import { createLogger } from '../../runtime/logger.js';
import { guardedNetwork } from '../../runtime/guarded-network.js';
import { startIdentityProvider, type IdentityProvider } from '../support/identity-provider.js';

let provider: IdentityProvider;

beforeEach(async () => {
  provider = await startIdentityProvider('acme');
});
afterEach(() => provider.stop().catch(() => undefined));

function keySet(times?: KeySetTimes): (kid: string) => Promise<unknown> {
  const log = createLogger({ level: 'silent', name: 'test' });
  const set = new RemoteKeySet(provider.jwksUrl, guardedNetwork({ allowPrivate: true }), log, times);
  return async (kid) => set.keyOf({ alg: 'RS256', kid }, { payload: '', signature: '' });
}

describe('a remote key set', () => {
  it('is fetched once, whoever asks at the same time', async () => {
    const keyOf = keySet();
    await Promise.all(Array.from({ length: 20 }, () => keyOf('first')));
    await keyOf('first');
    expect(provider.asked).toBe(1);
  });

  it('is fetched for keys that it does not know, but not more often than the bound', async () => {
    const keyOf = keySet({ fetchesPerMinute: 3 });
    for (let count = 0; count < 10; count += 1)
      await expect(keyOf(`invented-${count}`)).rejects.toThrow(errors.JWKSNoMatchingKey);
    expect(provider.asked).toBe(3);
    await expect(keyOf('first')).resolves.toBeDefined();
  });

  it('is not called without end while it answers nothing of use', async () => {
    provider.answerWith((response) => response.writeHead(503).end());
    const keyOf = keySet({ fetchesPerMinute: 3 });
    for (let count = 0; count < 10; count += 1)
      await expect(keyOf('first')).rejects.toThrow(new KeySetError('it answers 503'));
    expect(provider.asked).toBe(3);
  });

  it('drops a key that was withdrawn, once it is old', async () => {
    const keyOf = keySet({ freshMs: 0 });
    await keyOf('first');
    await provider.addKey('second');
    provider.publish('second');
    await expect(keyOf('first')).rejects.toThrow(errors.JWKSNoMatchingKey);
  });

  it('is used on while its address does not answer, and not for ever', async () => {
    const patient = keySet({ freshMs: 0 });
    const impatient = keySet({ freshMs: 0, staleMs: -1 });
    await Promise.all([patient('first'), impatient('first')]);
    await provider.stop();
    await expect(patient('first')).resolves.toBeDefined();
    await expect(impatient('first')).rejects.toThrow(new KeySetError('it cannot be reached'));
    await provider.start();
    await expect(impatient('first')).resolves.toBeDefined();
  });
});
