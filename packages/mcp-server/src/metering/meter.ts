import { randomUUID } from 'node:crypto';
import {
  type Actor,
  budgetOf,
  DomainError,
  type Price,
  type Settlement,
} from '@smart-ai-hub/shared/contracts';
import { costMicro, coveredOutput } from './cost.ts';
import type { Ledger } from './ledger.ts';

/** What a call was found to have used, and how that is known. */
export type Measured = Pick<Settlement, 'promptTokens' | 'completionTokens' | 'tokenSource' | 'status'>;

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
  /** Told once how many tokens the call has used. */
  onSettled: (tokens: number) => void;
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
  const { price, promptTokens, maxOutputTokens, choices, requestId, service, model, onSettled } = request;
  const { userId, keyId, limits } = request.actor;
  const startedAt = performance.now();
  const holdId = randomUUID();
  const { heldMicro } = await ledger.reserve({
    holdId,
    userId,
    minMicro: costMicro(price, promptTokens, choices),
    maxMicro: costMicro(price, promptTokens, maxOutputTokens),
    ...(limits?.monthlyMicro !== undefined && {
      budget: { id: budgetOf(request.actor), monthlyMicro: limits.monthlyMicro },
    }),
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
    maxOutputTokens: Math.floor(covered / choices),
    settle: (measured) => {
      once(() => {
        ledger.settle({
          ...measured,
          holdId,
          userId,
          keyId: keyId ?? null,
          requestId,
          service,
          model,
          priceId: price.id,
          chargeMicro: costMicro(price, measured.promptTokens, measured.completionTokens),
          latencyMs: Math.round(performance.now() - startedAt),
        });
        onSettled(measured.promptTokens + measured.completionTokens);
      });
    },
    release: () => {
      once(() => {
        ledger.release(holdId);
      });
    },
  };
}
