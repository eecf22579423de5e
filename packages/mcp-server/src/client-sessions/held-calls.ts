import { randomUUID } from 'node:crypto';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { KeyValue } from '@smart-ai-hub/shared/service';
import { type HeldCall, holdCall, notHeld, type Round, type Run } from './held-call.ts';
import { openRelay, type Resumed } from './relay.ts';

/** Of one person, in one process: each has a call of a server open. */
const AT_ONCE = 8;
/** Milliseconds for which somebody may think about it. */
const THINKING = 300_000;

export interface HeldCalls {
  /** Makes a call; rejects as it does, and with `rate-limited` where too many of the person wait for an answer. */
  begin: (owner: string, signal: AbortSignal, run: Run) => Promise<Round>;
  /** Goes on with a call, in whichever process it is held; rejects with `invalid-request` where it is over. */
  resume: (asked: Resumed, signal: AbortSignal) => Promise<Round>;
  /** Ends all that this process holds. */
  close: () => void;
}

interface Kept {
  owner: string;
  call: HeldCall;
  timer: NodeJS.Timeout;
}

/**
 * Calls of servers of 2025 that asked something of a client of today, which comes back with the answer: until then they
 * are held by the process that made them, and another that gets the answer hands it on.
 */
export async function openHeldCalls(keyValue: Pick<KeyValue, 'publish' | 'subscribe'>): Promise<HeldCalls> {
  const held = new Map<string, Kept>();

  /** Under a name of its own in each round: an answer to one is none to the next. */
  const keep = (owner: string, call: HeldCall): string => {
    const id = randomUUID();
    const timer = setTimeout(() => {
      held.delete(id);
      call.end(new DomainError('forbidden', { detail: 'nobody answered in time' }));
    }, THINKING).unref();
    held.set(id, { owner, call, timer });
    return id;
  };
  const next = async (owner: string, call: HeldCall, signal: AbortSignal): Promise<Round> => {
    const outcome = await call.next(signal);
    if ('answer' in outcome) return outcome;
    if ([...held.values()].filter((one) => one.owner === owner).length >= AT_ONCE) {
      const error = tooMany();
      call.end(error);
      throw error;
    }
    return { ...outcome, id: keep(owner, call) };
  };
  /** Whoever comes first with an answer goes on with the call, and nobody else does. */
  const take = ({ id, owner }: Resumed): HeldCall | undefined => {
    const kept = held.get(id);
    if (kept?.owner !== owner) return undefined;
    held.delete(id);
    clearTimeout(kept.timer);
    return kept.call;
  };
  const goOn = (call: HeldCall, { owner, responses }: Resumed, signal: AbortSignal) => {
    call.reply(responses);
    return next(owner, call, signal);
  };
  const relay = await openRelay(keyValue, (asked, signal) => {
    const call = take(asked);
    return call && (() => goOn(call, asked, signal));
  });

  return {
    begin: (owner, signal, run) => next(owner, holdCall(run), signal),
    resume: async (asked, signal) => {
      const call = take(asked);
      const round = call ? goOn(call, asked, signal) : relay.ask(asked, signal);
      return (await round) ?? Promise.reject(notHeld());
    },
    close: () => {
      for (const { call, timer } of held.values()) {
        clearTimeout(timer);
        call.end(new DomainError('service-unavailable', { detail: 'the hub is restarting' }));
      }
      held.clear();
    },
  };
}

const tooMany = () =>
  new DomainError('rate-limited', { detail: `${AT_ONCE} calls of this person wait for an answer` });
