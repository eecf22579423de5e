import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { freePort, freshDatabase, testIssuer, tries } from '@smart-ai-hub/shared/testing';
import { expect, inject, test } from 'vitest';
import { openLedgerCheck } from './ledger-check.ts';
import { NO_LIMITS, SECRETS } from './platform.ts';
import { startService } from './service-process.ts';

const PROCESSES = 4;
const [PEOPLE, ATTEMPTS, USES] = [tries(60, 300), tries(200, 1_000), tries(20, 100)];
const BUSY = 503;

/** Public keys where core-service asks for them. */
async function publish(jwks: object) {
  const server = createServer((_request, answer) => {
    answer.setHeader('content-type', 'application/json').end(JSON.stringify(jwks));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => void server.close() };
}

/** As a client does: a service that is too busy is asked again. */
async function answered(ask: () => Promise<number>): Promise<number> {
  for (let tries = 0; tries < 10; tries++) {
    const status = await ask();
    if (status !== BUSY) return status;
  }
  return BUSY;
}

test(`lesson 3: ${ATTEMPTS} redemptions at once by ${PEOPLE} people over four processes of a code for ${USES}`, async () => {
  await using database = await freshDatabase(inject('postgres'));
  const issuer = await testIssuer();
  await using keys = await publish(issuer.jwks);
  const env = {
    ...{ ...SECRETS, ...NO_LIMITS, NODE_ENV: 'production', REDIS_URL: inject('redisUrl') },
    ...{ CORE_DATABASE_URL: database.coreUrl, AUTH_URL: keys.url, DATABASE_POOL_MAX: '5' },
  };
  const ports = await Promise.all(Array.from({ length: PROCESSES }, freePort));
  const processes = await Promise.all(ports.map((port) => startService('core-service', port, env)));
  const post = async (n: number, path: string, token: string, body: object) => {
    const answer = await fetch(`${processes[n % PROCESSES]?.url ?? ''}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.status;
  };

  const people = await Promise.all(
    Array.from({ length: PEOPLE }, async (_, n) => {
      const userId = randomUUID();
      await post(n, '/internal/accounts', SECRETS.SERVICE_TOKEN, { userId });
      return { userId, token: await issuer.token({ userId }) };
    }),
  );
  const terms = { code: 'FOR-A-HUNDRED', creditsMicro: 1_000_000, maxUses: USES };
  expect(await post(0, '/api/v1/promo-codes', await issuer.token({ roles: ['admin'] }), terms)).toBe(201);

  const answers = await Promise.all(
    Array.from({ length: ATTEMPTS }, async (_, n) => {
      const { userId, token } = people[n % PEOPLE] ?? { userId: '', token: '' };
      const redeem = () => post(n, '/api/v1/promo-codes/redeem', token, { code: terms.code });
      return { userId, status: await answered(redeem) };
    }),
  );
  const given = answers.filter(({ status }) => status === 200).map(({ userId }) => userId);
  expect(given).toHaveLength(USES);
  expect(new Set(given).size).toBe(USES);
  expect(answers.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);

  await using ledger = openLedgerCheck(database.ownerUrl);
  expect(await ledger.mismatches()).toEqual([]);
  const balances = await Promise.all(people.map(({ userId }) => ledger.account(userId)));
  expect(balances.filter(({ balance }) => balance === 2_000_000)).toHaveLength(USES);
  expect(balances.filter(({ balance }) => balance === 1_000_000)).toHaveLength(PEOPLE - USES);
  await Promise.all(processes.map((process) => process.end('SIGTERM')));
}, 60_000);
