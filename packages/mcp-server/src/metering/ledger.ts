import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  DomainError,
  type internalContract,
  LEDGER_BATCH_LIMIT,
  type Reservation,
  type ReservationResult,
  type Settlement,
} from '@smart-ai-hub/shared/contracts';
import type { Logger } from '@smart-ai-hub/shared/service';
import { inLanes, naturalBatch } from './batch.ts';
import { createOutbox } from './outbox.ts';

/** Milliseconds that settlements gather after their answers have gone. */
const GATHER = 20;
/** Milliseconds that a settlement is kept while core-service is away: as long as its hold lasts. */
const KEEP = 15 * 60_000;
/** Small batches: in large ones everybody would hold at one time and settle at the next. */
const TOGETHER = { limit: 128 };
/** Two batches on their way at once never want the row of one account. */
const BY_ACCOUNT = { lanes: 2, keyOf: ({ userId }: { userId: string }) => userId };

/** Calls about accounts, many at a time. */
export const batchByAccount = <I extends { userId: string }, O>(
  send: (items: I[]) => Promise<O[]>,
): ((item: I) => Promise<O>) => inLanes(BY_ACCOUNT, () => naturalBatch(send, TOGETHER));

export interface Ledger {
  /** Holds credits before the work; rejects with `insufficient-credits` or `account-frozen`. */
  reserve: (request: Reservation) => Promise<ReservationResult>;
  /** Charges after the work; arrives even if core-service is away for a while. */
  settle: (settlement: Settlement) => void;
  /** Lets the hold go without a charge. */
  release: (holdId: string) => void;
  /** Delivers what is still on its way. */
  close: () => Promise<void>;
}

/** The ledger of core-service, many requests in one call. */
export function openLedger(core: Client<typeof internalContract>, logger: Logger): Ledger {
  const reserve = batchByAccount<Reservation, ReservationResult>(
    async (items) => (await core.reserve({ body: { items } })).items,
  );
  const common = {
    gather: GATHER,
    limit: LEDGER_BATCH_LIMIT,
    keep: KEEP,
    onTrouble: (error: unknown, waiting: number) =>
      logger.warn('the ledger does not answer; trying again', { error, waiting }),
  };
  const settlements = createOutbox<Settlement>({
    ...common,
    send: (items) => core.settle({ body: { items } }),
    onLost: (items) => logger.error('settlements given up', { items }),
  });
  const releases = createOutbox<string>({
    ...common,
    send: (holdIds) => core.release({ body: { holdIds } }),
    onLost: (items) => logger.warn('releases given up; the holds expire', { items }),
  });

  return {
    reserve: async (request) => {
      const first = await reserve(request);
      if (first.outcome === 'held') return first;
      // What this person's last calls left over may still be held for them: let those settle, and ask once more.
      await Promise.all([settlements.flush(), releases.flush(), delay(GATHER)]);
      const second = await reserve(request);
      if (second.outcome === 'held') return second;
      throw refusal(request, second);
    },
    settle: (settlement) => {
      settlements.add(settlement);
    },
    release: (holdId) => {
      releases.add(holdId);
    },
    close: async () => {
      const left = await Promise.all([settlements.close(5_000), releases.close(1_000)]);
      if (left.some((count) => count > 0))
        logger.error('ended with the ledger away', { settlements: left[0], releases: left[1] });
    },
  };
}

function refusal(
  { teamIds = [] }: Reservation,
  { outcome, availableMicro, limitId = '' }: ReservationResult,
): DomainError {
  const left = Math.max(0, availableMicro);
  const whose = teamIds.includes(limitId) ? 'your team' : 'this key';
  if (outcome === 'over-limit')
    return new DomainError('insufficient-credits', {
      detail: `the monthly limit of ${whose} leaves ${left} micro-credits`,
    });
  if (outcome === 'frozen') return new DomainError('account-frozen');
  return new DomainError('insufficient-credits', { detail: `${left} micro-credits are available` });
}
