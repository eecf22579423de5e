import { randomUUID } from 'node:crypto';
import type { Actor, Price, Settlement } from '@smart-ai-hub/shared/contracts';
import type { Ledger } from './ledger.ts';
import { limitsOf } from './meter.ts';

export interface CallMeterRequest {
  actor: Actor;
  requestId: string;
  /** As the price names it. */
  model: string;
  price: Price;
}

/** One call at a price of its own: held until it is settled or released, whichever comes first and once. */
export interface CallMeter {
  settle: (status: Settlement['status']) => void;
  release: () => void;
}

/** Holds the price of a call of a tool before it is made; rejects with `insufficient-credits`, `account-frozen`. */
export async function openCallMeter(
  ledger: Ledger,
  { actor, requestId, model, price }: CallMeterRequest,
): Promise<CallMeter> {
  const { userId, keyId } = actor;
  const startedAt = performance.now();
  const holdId = randomUUID();
  const chargeMicro = price.unitMicro;
  await ledger.reserve({ holdId, userId, minMicro: chargeMicro, maxMicro: chargeMicro, ...limitsOf(actor) });
  let open = true;
  const once = (end: () => void) => {
    if (open) end();
    open = false;
  };
  return {
    settle: (status) => {
      once(() => {
        ledger.settle({
          ...{ holdId, userId, keyId: keyId ?? null, requestId, service: 'tool', model, priceId: price.id },
          ...{
            promptTokens: 0,
            completionTokens: 0,
            images: 0,
            chargeMicro,
            tokenSource: 'reported',
            status,
          },
          latencyMs: Math.round(performance.now() - startedAt),
        });
      });
    },
    release: () => {
      once(() => {
        ledger.release(holdId);
      });
    },
  };
}
