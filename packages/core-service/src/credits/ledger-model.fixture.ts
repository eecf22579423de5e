import { randomUUID } from 'node:crypto';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { expect } from 'vitest';
import { type coreDeps, settlement } from '../core.fixture.ts';
import type { SignedInContext } from '../context.ts';
import { redeemPromoCode } from '../promos/redeem-promo-code.ts';
import { adjust } from './adjust.ts';
import { expireHolds, release } from './end-holds.ts';
import { openAccount } from './open-account.ts';
import { refund } from './refund.ts';
import { reserve } from './reserve.ts';
import { settle } from './settle.ts';

/** Something that happens to the ledger. Numbers choose among what there is by then. */
export type Move =
  | { kind: 'reserve'; who: number; min: number; more: number }
  | { kind: 'settle'; hold: number; charge: number }
  | { kind: 'release'; hold: number }
  | { kind: 'expire'; hold: number }
  | { kind: 'redeem'; who: number; code: number }
  | { kind: 'adjust'; who: number; amount: number; id: number }
  | { kind: 'refund'; charge: number };

export const SIGNUP = 10_000;
const PEOPLE = 3;
/** Credits of each code, and how many may have them. */
const CODES = [
  { credits: 700, maxUses: 1 },
  { credits: 5_000, maxUses: 2 },
  { credits: 90, maxUses: 9 },
];
/** Adjustments are asked for under few ids, so that some come again. */
const IDS = 6;

interface Hold {
  userId: string;
  amount: number;
  state: 'held' | 'settled' | 'released' | 'expired';
}

/**
 * The ledger as a child would keep it: piles of coins, moved as the answers say. It does not know in which order
 * things happened at the same moment; whatever the order, what was said to have happened is what the piles show.
 */
function reference(people: readonly string[]) {
  const balance = new Map(people.map((userId) => [userId, SIGNUP]));
  const held = new Map(people.map((userId) => [userId, 0]));
  const holds = new Map<string, Hold>();
  const once = new Set<string>();
  let house = 0;
  const add = (pile: Map<string, number>, userId: string, amount: number) =>
    pile.set(userId, (pile.get(userId) ?? NaN) + amount);

  return {
    holds,
    standing: () =>
      people.map((userId) => ({ userId, balance: balance.get(userId), held: held.get(userId) })),
    available: (userId: string) => (balance.get(userId) ?? 0) - (held.get(userId) ?? 0),
    house: () => house,
    hold: (holdId: string, userId: string, amount: number) => {
      holds.set(holdId, { userId, amount, state: 'held' });
      add(held, userId, amount);
    },
    /** Ends a hold, which ends once; takes what was charged, and books on the house what was not. */
    end: (holdId: string, state: Hold['state'], charged = 0, excess = 0) => {
      const hold = holds.get(holdId);
      expect(hold?.state, `a hold ended twice, at last by being ${state}`).toBe('held');
      if (!hold) return;
      hold.state = state;
      add(held, hold.userId, -hold.amount);
      add(balance, hold.userId, -charged);
      house -= excess;
    },
    /** Adds to a balance, once under each name; answers whether this was the first time. */
    book: (userId: string, amount: number, name: string): boolean => {
      if (once.has(name)) return false;
      once.add(name);
      add(balance, userId, amount);
      return true;
    },
  };
}

type Core = Awaited<ReturnType<typeof coreDeps>>;

/** A ledger with people and codes of its own beside its reference; moves are made on both. */
export async function startLedger(core: Core) {
  const people = Array.from({ length: PEOPLE }, () => randomUUID());
  for (const userId of people) await openAccount(core, { userId, role: 'user' });
  const codes = CODES.map((terms) => ({ ...terms, code: `CODE-${randomUUID()}` }));
  for (const { code, credits, maxUses } of codes) {
    await core.sql(
      'INSERT INTO core.promo_codes (code, credits, max_uses, created_by) VALUES ($1, $2, $3, $4)',
      [...[code, credits, maxUses, people[0]]],
    );
  }
  const model = reference(people);
  const uses = new Map<string, number>();
  const charges: { id: string; userId: string; amount: number }[] = [];
  const houseBefore = await houseOf(core);
  const session = randomUUID();

  const pick = <T>(list: readonly T[], index: number): T | undefined =>
    list.length === 0 ? undefined : list[index % list.length];
  const holdIds = () => [...model.holds.keys()];
  const person = (who: number) => pick(people, who) ?? '';

  const moves: { [K in Move['kind']]: (move: Extract<Move, { kind: K }>, alone: boolean) => Promise<void> } =
    {
      reserve: async ({ who, min, more }, alone) => {
        const [holdId, userId] = [randomUUID(), person(who)];
        const available = model.available(userId);
        const [result] = await reserve(core, [{ holdId, userId, minMicro: min, maxMicro: min + more }]);
        if (alone) expect(result?.outcome).toBe(available >= min ? 'held' : 'insufficient');
        if (alone && result?.outcome === 'held')
          expect(result.heldMicro).toBe(Math.min(min + more, available));
        if (result?.outcome !== 'held') return;
        expect(result.heldMicro).toBeGreaterThanOrEqual(min);
        expect(result.heldMicro).toBeLessThanOrEqual(min + more);
        model.hold(holdId, userId, result.heldMicro);
      },
      settle: async ({ hold, charge }) => {
        const holdId = pick(holdIds(), hold);
        const { userId = '', amount = 0 } = model.holds.get(holdId ?? '') ?? {};
        if (holdId === undefined) return;
        const [result] = await settle(core, [settlement(holdId, userId, charge)]);
        if (result?.outcome !== 'settled') return;
        expect(result.chargedMicro).toBeGreaterThanOrEqual(Math.min(charge, amount));
        expect(result.chargedMicro).toBeLessThanOrEqual(charge);
        model.end(holdId, 'settled', result.chargedMicro, charge - result.chargedMicro);
      },
      release: async ({ hold }) => {
        const holdId = pick(holdIds(), hold);
        if (holdId !== undefined && (await release(core, [holdId])) === 1) model.end(holdId, 'released');
      },
      expire: async ({ hold }) => {
        const holdId = pick(holdIds(), hold);
        await core.sql("UPDATE core.credit_holds SET expires_at = now() - interval '1 s' WHERE id = $1", [
          holdId,
        ]);
        await expireHolds(core);
      },
      redeem: async ({ who, code }) => {
        const [userId, terms] = [person(who), pick(codes, code)];
        const done = terms && (await refusable(redeemPromoCode(as(core, userId), terms.code)));
        if (!done) return;
        const count = (uses.get(terms.code) ?? 0) + 1;
        uses.set(terms.code, count);
        expect(count).toBeLessThanOrEqual(terms.maxUses);
        expect(model.book(userId, terms.credits, `${terms.code} ${userId}`), 'redeemed twice').toBe(true);
      },
      adjust: async ({ who, amount, id }) => {
        const userId = person(who);
        const adjustmentId = `${session.slice(0, -2)}${String(id % IDS).padStart(2, '0')}`;
        const request = { adjustmentId, userId, amountMicro: amount, note: 'as the model says' };
        const line = await refusable(adjust(as(core), request));
        if (line) model.book(userId, line.amountMicro, `${adjustmentId} ${userId}`);
      },
      refund: async ({ charge: index }) => {
        const charge = pick(charges, index);
        if (
          charge &&
          (await refusable(refund(as(core), { transactionId: charge.id, note: 'as the model says' })))
        )
          model.book(charge.userId, charge.amount, `refund ${charge.id}`);
      },
    };
  const make = (move: Move, alone: boolean): Promise<void> => {
    const one = moves[move.kind] as (move: Move, alone: boolean) => Promise<void>; // of the same kind
    return one(move, alone);
  };

  /** What nobody is answered: holds that the sweep ended, and the numbers of the charges. */
  const look = async () => {
    const expired = await core.sql(
      "SELECT id FROM core.credit_holds WHERE state = 'expired' AND id = ANY($1)",
      [holdIds()],
    );
    for (const { id } of expired) {
      const holdId = String(id);
      if (model.holds.get(holdId)?.state !== 'expired') model.end(holdId, 'expired');
    }
    const rows = await core.sql(
      `SELECT t.id::text, a.user_id, -t.amount::int AS amount FROM core.credit_transactions t JOIN core.credit_accounts a ON a.id = t.account_id
       WHERE t.reason = 'usage' AND a.user_id = ANY($1) ORDER BY t.id`,
      [people],
    );
    charges.splice(
      0,
      charges.length,
      ...rows.map((row) => ({
        id: String(row['id']),
        userId: String(row['user_id']),
        amount: Number(row['amount']),
      })),
    );
  };

  return {
    /** Makes all of them at the same moment, and holds the ledger against its reference. */
    together: async (wave: readonly Move[]): Promise<void> => {
      await Promise.all(wave.map((move) => make(move, wave.length === 1)));
      await look();
      const found = await core.sql(STANDING, [people]);
      const expected = model.standing();
      expect(new Set(found)).toEqual(
        new Set(
          expected.map(({ userId, balance, held }) => ({
            userId,
            balance,
            held,
            ledger: balance,
            holds: held,
          })),
        ),
      );
      for (const { balance = NaN, held = NaN } of expected)
        expect([held >= 0, held <= balance]).toEqual([true, true]);
      expect((await houseOf(core)) - houseBefore).toBe(model.house());
    },
  };
}

/** Every account with what its ledger and its holds add up to. */
const STANDING = `
  SELECT a.user_id AS "userId", a.balance::int, a.held::int,
    (SELECT coalesce(sum(amount), 0)::int FROM core.credit_transactions t WHERE t.account_id = a.id) AS ledger,
    (SELECT coalesce(sum(amount), 0)::int FROM core.credit_holds h WHERE h.account_id = a.id AND h.state = 'held') AS holds
  FROM core.credit_accounts a WHERE a.user_id = ANY($1)`;

/** Somebody who acts; without a name, an administrator. */
const as = (core: Core, userId?: string): SignedInContext => ({
  ...core,
  actor: {
    userId: userId ?? randomUUID(),
    email: '',
    roles: [],
    level: 0,
    grants: { 'credits:adjust': 'any', 'promos:redeem': 'own' },
    credential: { kind: 'session', id: '' },
    tokenId: '',
  },
  ...{ requestId: 'r', address: '203.0.113.1', userAgent: undefined },
  get http(): SignedInContext['http'] {
    throw new Error('verbs leave it');
  },
});

/** What a verb refused, in its own words, as nothing. */
const refusable = <T>(work: Promise<T>): Promise<T | undefined> =>
  work.catch((error: unknown) => {
    if (error instanceof DomainError && error.code !== 'internal-error') return undefined;
    throw error;
  });

async function houseOf(core: Core): Promise<number> {
  const [row] = await core.sql("SELECT balance::int FROM core.credit_accounts WHERE kind = 'house'");
  return Number(row?.['balance']);
}
