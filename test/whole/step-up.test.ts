import { openDatabase } from '@smart-ai-hub/database';
import { PROBLEMS } from '@smart-ai-hub/shared/contracts';
import { expect, inject, test } from 'vitest';
import { PASSWORD, signUp } from './person.ts';
import { startPlatform } from './platform.ts';

test('a step-up holds at the very next request, although the gateway knew the session from before', async () => {
  await using platform = await startPlatform(inject('postgres'));
  const { id, accessToken } = await signUp(platform.url);
  const owner = openDatabase({ url: platform.ownerUrl, poolMax: 1 });
  const authenticatedAt = new Date(Date.now() - 3_600_000);
  await owner.prisma.session.updateMany({ where: { userId: id }, data: { authenticatedAt } });
  await owner.close();

  const post = async (path: string, body?: object) => {
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
    const init = body
      ? { headers, body: JSON.stringify(body) }
      : { headers: { authorization: headers.authorization } };
    return (await fetch(`${platform.url}/api/v1/auth${path}`, { method: 'POST', ...init })).status;
  };
  expect(await post('/totp')).toBe(PROBLEMS['step-up-required'].status);
  expect(await post('/step-up', { password: PASSWORD })).toBe(204);
  expect(await post('/totp')).toBe(201);
});
