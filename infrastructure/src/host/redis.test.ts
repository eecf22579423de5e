import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Secret } from '../secrets/secret.ts';
import { redis, redisMegabytes } from './redis.ts';

const GIGABYTE = 2 ** 30;
const found = { code: 0, stdout: 'missing\nsettled\n', stderr: '' };

test('it may take an eighth of the machine, from 128 MB to 4 GB', () => {
  expect([1, 7.8, 16, 64].map((size) => redisMegabytes(size * GIGABYTE))).toEqual([128, 1024, 2048, 4096]);
  fc.assert(
    fc.property(fc.integer({ min: GIGABYTE, max: 512 * GIGABYTE }), (memory) => {
      expect(redisMegabytes(memory) * 2 ** 20).toBeLessThanOrEqual((memory + GIGABYTE / 2) / 8);
    }),
  );
});

test('its users are on disk by the hash of their password, and are shown to nobody', () => {
  const passwords = new Map([['hub', new Secret('canary-0123456789')]]);
  const users = redis({ memory: GIGABYTE, passwords }, []).find(({ id }) => id.endsWith('users.acl'));
  const change = users?.compare([found]);
  const [write] = change?.commands ?? [];
  expect(write?.stdin?.split('\n').map((line) => line.replace(/#[0-9a-f]{64} /, '#… '))).toEqual([
    'user default off resetpass resetkeys resetchannels -@all',
    'user hub on #… ~* &* +@all -@admin -@dangerous +info',
    '',
  ]);
  expect([write?.secret, JSON.stringify(change?.lines)]).toEqual([true, expect.not.stringContaining('#')]);
});
