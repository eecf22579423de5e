import type { KeyValue, Logger } from '@smart-ai-hub/shared/service';
import type { Allowance } from './allowance.ts';
import { answerSealer, digestOf, type KeptAnswer } from './kept-answer.ts';

/** Where the answer of one request is kept. While the store is away there is none, and none is kept. */
export interface Slot {
  find: () => Promise<KeptAnswer | undefined>;
  keep: (answer: KeptAnswer) => Promise<void>;
}

export interface AnswerCache {
  /** Of this account alone; `request` is all that the answer depends on, in canonical form. */
  slot: (userId: string, request: string) => Slot;
}

/** `seconds` is how long an answer is kept. */
export function createAnswerCache(
  store: KeyValue,
  allowance: Allowance,
  { seconds, logger }: { seconds: number; logger: Logger },
): AnswerCache {
  return {
    slot: (userId, request) => {
      const place = `answer:${userId}:${digestOf('answer', request)}`;
      const sealer = answerSealer(`${userId}\n${request}`);
      const orGoOn = (what: string) => (error: unknown) => {
        logger.warn(what, { error });
      };
      return {
        find: async () => {
          const read = async () => {
            const sealed = await store.get(place);
            return sealed === undefined ? undefined : sealer.open(sealed, place);
          };
          return (await read().catch(orGoOn('no answer could be looked up'))) ?? undefined;
        },
        keep: async (answer) => {
          const write = async () => {
            const sealed = sealer.seal(answer, place);
            if (await allowance.take(userId, sealed)) await store.set(place, sealed, seconds);
          };
          await write().catch(orGoOn('an answer could not be kept'));
        },
      };
    },
  };
}
