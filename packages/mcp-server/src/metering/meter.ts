import { randomUUID } from 'node:crypto';
import {
  type Actor,
  budgetOf,
  DomainError,
  type Price,
  type Reservation,
  type Settlement,
} from '@smart-ai-hub/shared/contracts';
import { costMicro, coveredOutput } from './cost.ts';
import type { Ledger } from './ledger.ts';

/** What a call was found to have used, and how that is known. */
export type Measured = Pick<Settlement, 'promptTokens' | 'completionTokens' | 'tokenSource' | 'status'> & {
  /** Images that were delivered. */
  units?: number;
};

/** What a call used, and what that costs. */
export type Bill = Pick<Settlement, 'promptTokens' | 'completionTokens' | 'chargeMicro'>;

export interface MeterRequest {
  actor: Actor;
  requestId: string;
  service: string;
  model: string;
  price: Price;
  /** Counted before the call. */
  promptTokens: number;
  /** Output wished for, over all choices. */
  maxOutputTokens: number;
  choices: number;
  /** Images wished for: nobody can cap such an answer, and so all of its price is held, or nothing. */
  units: number;
  /** Told once what the call has used. */
  onSettled: (bill: Bill) => void;
}

/** One paid call: credits are held until it is settled or released, whichever comes first and once. */
export interface Meter {
  /** Output tokens that the hold covers, for each choice. */
  maxOutputTokens: number;
  settle: (measured: Measured) => void;
  release: () => void;
}

/** Holds the price of a call, or as much of it as the balance covers, before the call is made. */
export async function openMeter(ledger: Ledger, request: MeterRequest): Promise<Meter> {
  const { price, promptTokens, maxOutputTokens, choices, units: wished, onSettled } = request;
  const { requestId, service, model } = request;
  const { userId, keyId } = request.actor;
  const startedAt = performance.now();
  const holdId = randomUUID();
  const { heldMicro } = await ledger.reserve({
    holdId,
    userId,
    minMicro: costMicro(price, promptTokens, wished > 0 ? maxOutputTokens : choices, wished),
    maxMicro: costMicro(price, promptTokens, maxOutputTokens, wished),
    ...limitsOf(request.actor),
  });
  let open = true;
  const once = (end: () => void) => {
    if (open) end();
    open = false;
  };
  const covered = Math.min(maxOutputTokens, coveredOutput(price, promptTokens, heldMicro));
  if (covered < choices) {
    ledger.release(holdId);
    throw new DomainError('insufficient-credits');
  }

  return {
    maxOutputTokens: choices === 0 ? 0 : Math.floor(covered / choices),
    settle: ({ units = 0, ...measured }) => {
      once(() => {
        const { promptTokens: used, completionTokens } = measured;
        const chargeMicro = costMicro(price, used, completionTokens, units);
        ledger.settle({
          images: units,
          holdId,
          userId,
          keyId: keyId ?? null,
          requestId,
          service,
          model,
          priceId: price.id,
          chargeMicro,
          latencyMs: Math.round(performance.now() - startedAt),
          ...measured,
        });
        onSettled({ promptTokens: used, completionTokens, chargeMicro });
      });
    },
    release: () => {
      once(() => {
        ledger.release(holdId);
      });
    },
  };
}

/** What bounds a call of this actor beside the balance, and for which teams it counts. */
export function limitsOf(actor: Actor): Pick<Reservation, 'limits' | 'teamIds'> {
  const { limits, teams = [] } = actor;
  const monthly = [{ id: budgetOf(actor), monthlyMicro: limits?.monthlyMicro }, ...teams].flatMap(
    ({ id, monthlyMicro }) => (monthlyMicro === undefined ? [] : [{ id, monthlyMicro }]),
  );
  return {
    ...(monthly.length > 0 && { limits: monthly }),
    ...(teams.length > 0 && { teamIds: teams.map(({ id }) => id) }),
  };
}
