import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAuth } from '../auth.fixture.ts';
import { sweepJob } from './sweep.ts';

let auth: Awaited<ReturnType<typeof startAuth>>;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const MINUTE = 60_000;
const minutes = (count: number) => new Date(Date.now() + count * MINUTE);

test('what has ended goes, and with it what was lent to clients that can no longer use it', async () => {
  const { oauthRecord } = auth.database.prisma;
  const old = minutes(-120);
  await oauthRecord.createMany({
    data: [
      { kind: 'AccessToken', id: 'ended long ago', expiresAt: minutes(-61) },
      { kind: 'AccessToken', id: 'ended just now', expiresAt: minutes(-1) },
      { kind: 'Client', id: 'for ever' },
      { kind: 'Grant', id: 'in use', createdAt: old },
      { kind: 'RefreshToken', id: 'a', grantId: 'in use', createdAt: old, expiresAt: minutes(1) },
      { kind: 'Grant', id: 'just renewed', createdAt: old },
      { kind: 'RefreshToken', id: 'b', grantId: 'just renewed', consumedAt: old, expiresAt: minutes(1) },
      { kind: 'Grant', id: 'spent', createdAt: old },
      {
        kind: 'RefreshToken',
        id: 'c',
        grantId: 'spent',
        createdAt: old,
        consumedAt: old,
        expiresAt: minutes(1),
      },
      { kind: 'Grant', id: 'never used', createdAt: old },
      { kind: 'Grant', id: 'new' },
    ].map((row) => ({ ...row, payload: {} })),
  });
  await sweepJob(auth).run({});
  const left = await oauthRecord.findMany({ select: { id: true }, orderBy: { id: 'asc' } });
  expect(left.map(({ id }) => id)).toEqual(
    ['a', 'b', 'c', 'ended just now', 'for ever', 'in use', 'just renewed', 'new'].sort(),
  );
});
