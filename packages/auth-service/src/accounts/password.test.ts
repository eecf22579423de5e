import { randomUUID } from 'node:crypto';
import { Secret } from '@smart-ai-hub/shared/service';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSigner } from '../sessions/signer.ts';
import { fewAtOnce } from './few-at-once.ts';
import { hashPassword, verifyPassword } from './password.ts';

const SEED = new Secret('nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A');

test('passwords are kept as argon2id with the parameters that OWASP names', async () => {
  expect(await hashPassword('a long and unusual passphrase')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('fifty passwords being checked do not hold up the signature of a token', async () => {
  const signer = await createSigner(SEED);
  const hash = await hashPassword('right');
  let checked = 0;
  const checks = Array.from({ length: 50 }, async () => {
    expect(await verifyPassword(hash, 'wrong')).toBe(false);
    checked += 1;
  });
  const claims = { email: 'a@test.example', roles: [], sid: randomUUID() };
  await signer.access({ sub: randomUUID(), ...claims });
  expect(checked).toBeLessThan(10);
  await Promise.all(checks);
});

test('few at once are few, and all get their turn, in order, whether they end well or not', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.boolean(), { maxLength: 20 }),
      async (limit, ends) => {
        const inTurn = fewAtOnce(limit);
        const begun: number[] = [];
        let running = 0;
        let most = 0;
        const work = (isGood: boolean, index: number) => async () => {
          begun.push(index);
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
          if (!isGood) throw new Error('failed');
        };
        const results = await Promise.allSettled(ends.map((isGood, index) => inTurn(work(isGood, index))));
        expect(results.map(({ status }) => status === 'fulfilled')).toEqual(ends);
        expect(begun).toEqual([...begun.keys()]);
        expect(most).toBe(Math.min(limit, ends.length));
      },
    ),
  );
});
