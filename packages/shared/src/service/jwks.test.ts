import { exportJWK, generateKeyPair, type JWK, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { describe, expect, test } from 'vitest';
import { DomainError } from '../contracts/index.ts';
import { cachedJwks } from './jwks.ts';

const { publicKey } = await generateKeyPair('EdDSA');
const jwk: JWK = { ...(await exportJWK(publicKey)), alg: 'EdDSA', use: 'sig' };
const keySet = (...kids: string[]): JSONWebKeySet => ({ keys: kids.map((kid) => ({ ...jwk, kid })) });

/** An auth-service that publishes these key ids, a clock, and a cache that asks it. */
function issuer(...kids: string[]) {
  const state = { kids, time: 0, fetched: 0, down: false };
  const keys = cachedJwks(
    async () => {
      state.fetched += 1;
      if (state.down) throw new DomainError('service-unavailable');
      return keySet(...state.kids);
    },
    () => state.time,
  );
  return { state, ask: (kid: string) => askFor(keys, kid) };
}

const askFor = async (keys: JWTVerifyGetKey, kid: string) =>
  keys({ alg: 'EdDSA', kid }, { payload: '', signature: '', protected: '' });

describe('cachedJwks', () => {
  test('fetches once, whoever asks at the same time', async () => {
    const { state, ask } = issuer('a', 'b');
    await Promise.all(['a', 'b', 'a', 'b'].map(ask));
    await ask('a');
    expect(state.fetched).toBe(1);
  });

  test('fetches anew for an unknown key, at most every 10 s', async () => {
    const { state, ask } = issuer('a');
    await ask('a');
    state.kids = ['a', 'b'];
    state.time = 9_999;
    await expect(ask('b')).rejects.toThrow('no applicable key');
    state.time = 10_000;
    await expect(ask('b')).resolves.toBeDefined();
    await expect(ask('a')).resolves.toBeDefined();
    expect(state.fetched).toBe(2);
  });

  test('a thousand forged key ids cost one fetch', async () => {
    const { state, ask } = issuer('a');
    await ask('a');
    state.time = 10_000;
    const answers = await Promise.allSettled(Array.from({ length: 1000 }, (_, i) => ask(`forged-${i}`)));
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
    expect(state.fetched).toBe(2);
  });

  test('everybody who waits for a rotated key gets it', async () => {
    const { state, ask } = issuer('a');
    await ask('a');
    state.kids = ['b'];
    state.time = 10_000;
    await expect(Promise.all([ask('b'), ask('b'), ask('b')])).resolves.toHaveLength(3);
    expect(state.fetched).toBe(2);
  });

  test('forgets a key that is no longer published once it fetched again', async () => {
    const { state, ask } = issuer('a');
    await ask('a');
    state.kids = ['b'];
    state.time = 10_000;
    await ask('b');
    await expect(ask('a')).rejects.toThrow('no applicable key');
  });

  test('recovers at once after a first fetch that failed', async () => {
    const { state, ask } = issuer('a');
    state.down = true;
    await expect(ask('a')).rejects.toMatchObject({ code: 'service-unavailable' });
    state.down = false;
    await expect(ask('a')).resolves.toBeDefined();
  });

  test('keeps what it knows while a later fetch fails', async () => {
    const { state, ask } = issuer('a');
    await ask('a');
    state.down = true;
    state.time = 10_000;
    await expect(ask('forged')).rejects.toMatchObject({ code: 'service-unavailable' });
    await expect(ask('a')).resolves.toBeDefined();
    await expect(ask('forged')).rejects.toThrow('no applicable key');
    expect(state.fetched).toBe(2);
  });
});
