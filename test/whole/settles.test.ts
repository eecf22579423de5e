import { randomUUID } from 'node:crypto';
import { createClient, internalContract } from '@smart-ai-hub/shared/contracts';
import { httpTransport, Secret } from '@smart-ai-hub/shared/service';
import { IS_THOROUGH } from '@smart-ai-hub/shared/testing';
import { openDatabase } from '@smart-ai-hub/database';
import { expect, inject, test } from 'vitest';
import { settlement } from '../../packages/core-service/src/core.fixture.ts';
import { expectSettled, openLedgerCheck } from './ledger-check.ts';
import { mortalPostgres } from './own-servers.ts';
import { SECRETS } from './platform.ts';
import { startProcesses } from './processes.ts';

const SETTLES = 10_000;
const PEOPLE = 40;
const BATCH = 10;
/** Callers at once, each with a batch under way. */
const CALLERS = 8;
/** Of a hundred holds, the one whose caller is never heard of again. */
const LOST = 100;
const CHARGE = 3;
const CREDIT = 1_000_000_000;

/** Asks again until there is an answer, as mcp-server does; gives up where nothing comes back for long. */
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  const until = Date.now() + 60_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}

test.runIf(IS_THOROUGH)(
  `kill -9 of PostgreSQL and of both core-services in the middle of ${SETTLES} settles: nothing lost, nothing twice`,
  async () => {
    await using postgres = await mortalPostgres();
    await using hub = await startProcesses(
      { ...postgres, redisUrl: inject('redisUrl') },
      { cores: 2, env: { SIGNUP_CREDIT_MICRO: String(CREDIT), HOLD_SECONDS: '900' } },
    );
    const serviceToken = new Secret(SECRETS.SERVICE_TOKEN);
    const transports = hub.cores.map(({ url }) => httpTransport(url, { serviceToken }));
    const clients = transports.map((transport) => createClient(internalContract, transport));
    const clientOf = (turn: number) => clients[turn % clients.length] ?? Promise.reject(new Error('no core'));
    const people = Array.from({ length: PEOPLE }, () => randomUUID());
    for (const [turn, userId] of people.entries())
      await (await clientOf(turn)).openAccount({ body: { userId, role: 'user' } });

    /** What was acknowledged. */
    const settled = new Map<string, string>();
    let asked = 0;
    const caller = async (number: number) => {
      while (asked < SETTLES) {
        asked += BATCH;
        const client = await clientOf(number);
        const wishes = Array.from({ length: BATCH }, (_, n) => ({
          holdId: randomUUID(),
          userId: people[(asked + n * number) % PEOPLE] ?? '',
          ...{ minMicro: CHARGE, maxMicro: CHARGE * 2 },
        }));
        const { items } = await insist(() => client.reserve({ body: { items: wishes } }));
        expect(items.map(({ outcome }) => outcome)).toEqual(wishes.map(() => 'held'));
        const kept = wishes.filter((_, n) => (asked + n) % LOST !== 0);
        const body = { items: kept.map(({ holdId, userId }) => settlement(holdId, userId, CHARGE)) };
        const answer = await insist(() => client.settle({ body }));
        for (const { outcome } of answer.items) expect(['settled', 'already-settled']).toContain(outcome);
        for (const { holdId, userId } of kept) settled.set(holdId, userId);
      }
    };
    const reached = (share: number) =>
      expect.poll(() => settled.size, { timeout: 120_000, interval: 5 }).toBeGreaterThan(SETTLES * share);
    const disasters = async () => {
      for (const [turn, core] of hub.cores.entries()) {
        await reached(0.2 + 0.2 * turn);
        await core.end('SIGKILL');
        hub.cores[turn] = await hub.restart(core);
      }
      await reached(0.6);
      await postgres.kill();
      await postgres.revive();
      await reached(0.8);
      await postgres.kill();
      await postgres.revive();
    };
    await Promise.all([disasters(), ...Array.from({ length: CALLERS }, (_, number) => caller(number))]);

    const owner = openDatabase({ url: postgres.ownerUrl, poolMax: 1 });
    await owner.pool.query("UPDATE core.credit_holds SET expires_at = now() WHERE state = 'held'");
    await using ledger = openLedgerCheck(postgres.ownerUrl);
    await expectSettled(ledger, 20_000);
    const { rows } = await owner.pool.query<{ key: string; user: string; amount: number }>(
      `SELECT t.idempotency_key AS key, a.user_id AS user, t.amount FROM core.credit_transactions t
     JOIN core.credit_accounts a ON a.id = t.account_id WHERE t.reason = 'usage'`,
    );
    expect(new Map(rows.map(({ key, user }) => [key.replace('usage:', ''), user]))).toEqual(settled);
    expect(rows.every(({ amount }) => amount === -CHARGE)).toBe(true);
    expect(rows).toHaveLength(settled.size);
    const { rows: logged } = await owner.pool.query<{ count: number }>(
      'SELECT count(*) FROM core.usage_logs',
    );
    expect(logged).toEqual([{ count: settled.size }]);
    expect(await ledger.holdStates()).toMatchObject({ settled: settled.size });
    await owner.close();
    await Promise.all(transports.map(({ close }) => close()));
  },
  240_000,
);
