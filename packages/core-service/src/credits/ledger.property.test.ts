import { tries } from '@smart-ai-hub/shared/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coreDeps } from '../core.fixture.ts';
import { type Move, SIGNUP, startLedger } from './ledger-model.fixture.ts';
import { reconcile } from './reconcile.ts';

const is = <K extends Move['kind']>(kind: K) => fc.constant(kind);
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ kind: is('reserve'), who: fc.nat(2), min: fc.nat(3_000), more: fc.nat(6_000) }),
  fc.record({ kind: is('settle'), hold: fc.nat(), charge: fc.nat(8_000) }),
  fc.record({ kind: is('release'), hold: fc.nat() }),
  fc.record({ kind: is('expire'), hold: fc.nat() }),
  fc.record({ kind: is('redeem'), who: fc.nat(2), code: fc.nat(2) }),
  fc.record({
    kind: is('adjust'),
    who: fc.nat(2),
    amount: fc.integer({ min: -4_000, max: 4_000 }).filter((amount) => amount !== 0),
    id: fc.nat(),
  }),
  fc.record({ kind: is('refund'), charge: fc.nat() }),
);

/** Moves of one wave are made at the same moment, over several connections. */
const waves = fc.array(fc.array(move, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 10 });

const RUNS = tries(40, 600);

test(
  `lessons 1, 5 and 6: in ${RUNS} random histories the ledger is what its reference says, and nobody owes`,
  async () => {
    await using core = await coreDeps({ signupCreditMicro: SIGNUP });
    let made = 0;
    await fc.assert(
      fc.asyncProperty(waves, async (history) => {
        const ledger = await startLedger(core);
        for (const wave of history) {
          await ledger.together(wave);
          made += wave.length;
        }
      }),
      // what met at one moment rarely meets again: nothing would be smaller for trying
      { numRuns: RUNS, endOnFailure: true },
    );
    expect((await reconcile(core)).mismatches).toEqual([]);
    console.info(`${made} moves in ${RUNS} histories`);
  },
  60_000 + RUNS * 500,
);
