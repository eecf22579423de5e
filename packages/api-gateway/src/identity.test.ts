import { randomUUID } from 'node:crypto';
import { createClient, internalContract } from '@smart-ai-hub/shared/contracts';
import {
  type AccessChanges,
  cachedJwks,
  createTokenVerifier,
  memoryStore,
  openAccessChanges,
} from '@smart-ai-hub/shared/service';
import { testIssuer } from '@smart-ai-hub/shared/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fakeAuth } from './gateway.fixture.ts';
import { createIdentify } from './identity.ts';

/** The real identity check over an auth-service and a store of this test's own. */
async function openIdentify(changes: AccessChanges = openAccessChanges(memoryStore().keyValue)) {
  const auth = await fakeAuth();
  const client = createClient(internalContract, auth.transport);
  const verifyToken = createTokenVerifier(cachedJwks(() => client.jwks()));
  return { ...auth, changes, identify: await createIdentify({ verifyToken, changes, auth: client }) };
}

const unauthenticated = expect.objectContaining({ code: 'unauthenticated' });

test('nobody is nobody: a request without Authorization is let in as such', async () => {
  const { identify, asked } = await openIdentify();
  await expect(identify(undefined)).resolves.toBeUndefined();
  expect(asked).toEqual([]);
});

describe('what somebody shows', () => {
  test('becomes a short-lived token for the services, asked for once and kept', async () => {
    const { identify, addKey, asked } = await openIdentify();
    const userId = randomUUID();
    const { key, keyId } = addKey({ userId });
    const first = await identify(`Bearer ${key}`);
    const second = await identify(`bearer ${key}`);
    expect(first?.actor).toMatchObject({ userId, keyId, roles: ['user'] });
    expect(first?.token).not.toContain(key);
    expect(second).toEqual(first);
    expect(asked).toEqual([key]);
  });

  test('is asked for once by many first calls', async () => {
    const { identify, addKey, asked } = await openIdentify();
    const { key } = addKey();
    const all = await Promise.all(Array.from({ length: 50 }, () => identify(`Bearer ${key}`)));
    expect(new Set(all.map((identity) => identity?.token)).size).toBe(1);
    expect(asked).toHaveLength(1);
  });

  test('is never another’s', async () => {
    const { identify, addKey, signIn } = await openIdentify();
    const [one, other, session] = [addKey(), addKey(), signIn()];
    const given = [one.key, other.key, session.token];
    const identities = await Promise.all(given.map((credential) => identify(`Bearer ${credential}`)));
    expect(identities.map((identity) => identity?.actor.credential.id)).toEqual([
      ...[one.keyId, other.keyId],
      session.sessionId,
    ]);
  });

  /** A character of base64url, and the one whose number differs in one bit; or the same in the other case. */
  const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const flipped = (character: string, bit: number) =>
    BASE64URL[BASE64URL.indexOf(character) ^ (1 << bit)] ?? '';
  const otherCase = (character: string) =>
    character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase();

  test('lesson 12: two credentials that differ in one bit, or in case, are never taken for one another', async () => {
    const { identify, addKey } = await openIdentify();
    const character = fc.constantFrom(...BASE64URL.split(/(?:)/));
    const text = fc.array(character, { minLength: 43, maxLength: 43 });
    await fc.assert(
      fc.asyncProperty(text, fc.nat(42), fc.nat(5), async (one, at, bit) => {
        const own = one[at] ?? '';
        const variants = [own, flipped(own, bit), otherCase(own)];
        const keys = [...new Set(variants)].map((variant) => `sk-hub-${one.with(at, variant).join('')}`);
        const made = keys.map((key) => addKey({ key }).keyId);
        const round = () => Promise.all(keys.map((key) => identify(`Bearer ${key}`)));
        const [asked, kept] = [await round(), await round()];
        for (const answers of [asked, kept]) expect(answers.map((who) => who?.actor.keyId)).toEqual(made);
      }),
      { numRuns: 300 },
    );
  });

  test('lesson 12: what only resembles a kept credential is asked for, and refused', async () => {
    const { identify, addKey } = await openIdentify();
    const { key } = addKey();
    await identify(`Bearer ${key}`);
    const similar = [`${key}=`, `${key}.`, key.slice(0, -1), `${key}A`, key.toUpperCase(), `.${key}`];
    for (const credential of similar)
      await expect(identify(`Bearer ${credential}`)).rejects.toEqual(unauthenticated);
  });

  test('is not asked for where it is longer than any of ours', async () => {
    const { identify, asked } = await openIdentify();
    await expect(identify(`Bearer ${'x'.repeat(8193)}`)).rejects.toEqual(unauthenticated);
    expect(asked).toEqual([]);
    await expect(identify(`Bearer ${'x'.repeat(8192)}`)).rejects.toEqual(unauthenticated);
    expect(asked).toHaveLength(1);
  });

  test('is not kept where its token is about to end', async () => {
    const { identify, addKey, asked } = await openIdentify();
    const { key } = addKey({ expiresIn: 20 });
    await identify(`Bearer ${key}`);
    await identify(`Bearer ${key}`);
    expect(asked).toHaveLength(2);
  });

  test('and was refused is asked for again at the next try: it may be good by then', async () => {
    const { identify, asked } = await openIdentify();
    await expect(identify('Bearer sk-hub-unknown')).rejects.toEqual(unauthenticated);
    await expect(identify('Bearer sk-hub-unknown')).rejects.toEqual(unauthenticated);
    expect(asked).toHaveLength(2);
  });

  test('is refused where auth-service’s word for it is signed by somebody else', async () => {
    const stranger = await testIssuer();
    const { changes, transport } = await openIdentify();
    const client = createClient(internalContract, transport);
    const lying = { ...client, identify: async () => ({ token: await stranger.token(), expiresIn: 90 }) };
    const verifyToken = createTokenVerifier(cachedJwks(() => client.jwks()));
    const identify = await createIdentify({ verifyToken, changes, auth: lying });
    await expect(identify('Bearer abc')).rejects.toEqual(unauthenticated);
  });
});

describe('a change of access', () => {
  test('of a session, key, person, team or role drops what was made of it, and nothing else', async () => {
    const { identify, signIn, addKey, asked, changes } = await openIdentify();
    const userId = randomUUID();
    const session = signIn({ userId });
    const key = addKey({ userId, roles: ['manager'] });
    const teamId = randomUUID();
    const other = addKey({ teams: [{ id: teamId }] });
    const known = [session.token, key.key, other.key];
    const askedAfter = async (subject: string) => {
      for (const credential of known) await identify(`Bearer ${credential}`);
      asked.length = 0;
      await changes.announce(subject);
      for (const credential of known) await identify(`Bearer ${credential}`);
      return known.map((credential) => asked.includes(credential));
    };
    await expect(askedAfter(`session:${session.sessionId}`)).resolves.toEqual([true, false, false]);
    await expect(askedAfter(`key:${key.keyId}`)).resolves.toEqual([false, true, false]);
    await expect(askedAfter(`user:${userId}`)).resolves.toEqual([true, true, false]);
    await expect(askedAfter('role:manager')).resolves.toEqual([false, true, false]);
    await expect(askedAfter(`team:${teamId}`)).resolves.toEqual([false, false, true]);
    await expect(askedAfter(`key:${session.sessionId}`)).resolves.toEqual([false, false, false]);
    await expect(askedAfter('role:nobody')).resolves.toEqual([false, false, false]);
  });

  test('ends what was ended, at the next request', async () => {
    const { identify, signIn, refuse, changes } = await openIdentify();
    const { token, sessionId } = signIn();
    await identify(`Bearer ${token}`);
    refuse(token);
    await changes.announce(`session:${sessionId}`);
    await expect(identify(`Bearer ${token}`)).rejects.toEqual(unauthenticated);
  });

  test('that comes while the answer is under way leaves nothing kept', async () => {
    const { identify, signIn, hold, asked, changes } = await openIdentify();
    const { token } = signIn();
    const open = hold();
    const slow = identify(`Bearer ${token}`);
    await changes.announce('role:user');
    open();
    await slow;
    await identify(`Bearer ${token}`);
    expect(asked).toHaveLength(2);
  });
});

describe('while changes cannot be heard', () => {
  test('nothing is kept, and what was kept is dropped; then all is as before', async () => {
    let doubt: (() => void) | undefined;
    let isHeard = true;
    const { identify, addKey, asked } = await openIdentify({
      announce: () => Promise.resolve(),
      follow: async (_onChange, onDoubt) => {
        doubt = onDoubt;
      },
      isHeard: () => isHeard,
    });
    const { key } = addKey();
    const times = async () => {
      asked.length = 0;
      await identify(`Bearer ${key}`);
      await identify(`Bearer ${key}`);
      return asked.length;
    };
    await expect(times()).resolves.toBe(1);
    isHeard = false;
    doubt?.();
    await expect(times()).resolves.toBe(2);
    isHeard = true;
    doubt?.();
    await expect(times()).resolves.toBe(1);
  });
});

test.each([
  'Basic dXNlcjpwYXNz',
  'Bearer',
  'Bearer ',
  'Bearer a b',
  'token',
  '',
  'Bearer sk-hub-a, Bearer b',
])(
  'an Authorization header that is none of ours is refused, not passed over: "%s"',
  async (authorization) => {
    const { identify, asked } = await openIdentify();
    await expect(identify(authorization)).rejects.toEqual(unauthenticated);
    expect(asked).toEqual([]);
  },
);
