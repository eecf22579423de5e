import { randomUUID } from 'node:crypto';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { KeyValue } from '@smart-ai-hub/shared/service';
import { z } from 'zod';
import type { Answer } from '../upstreams/question.ts';

/** Of one session, in one process; each holds a call up. */
const AT_ONCE = 8;
const CHANNEL = 'mcp-answers';

const failure = z.object({ code: z.int(), message: z.string(), data: z.unknown().optional() });
/** What a client says to a question (JSON-RPC 2.0, 5). */
export const clientAnswer = z.union([
  z.object({ id: z.string(), result: z.looseObject({}), method: z.undefined().optional() }),
  z.object({ id: z.string(), error: failure, method: z.undefined().optional() }),
]);
export type ClientAnswer = z.output<typeof clientAnswer>;

const told = z.object({ session: z.string(), answer: clientAnswer.optional() });

/** A client that was asked, and refused: its own words. */
export class ClientRefusal extends Error {
  readonly code: number;
  readonly data: unknown;
  constructor({ code, message, data }: z.output<typeof failure>) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

interface Waiting {
  session: string;
  resolve: (answer: Answer) => void;
  reject: (reason: Error) => void;
}

export interface OpenQuestion {
  /** By which the client answers. */
  id: string;
  /** Rejects with `ClientRefusal`, with `forbidden` once the session has ended, and as `signal` is aborted. */
  answer: Promise<Answer>;
}

/** Questions to clients that wait for an answer, which may come to another process than the one that asked. */
export interface Questions {
  /** Rejects with `rate-limited` where as many of the session wait as may. */
  open: (session: string, signal: AbortSignal) => OpenQuestion;
  /** What a client of this session says; an answer that nobody waits for is forgotten. */
  take: (session: string, answer: ClientAnswer) => Promise<void>;
  /** Nobody of this session will answer any more. */
  end: (session: string) => Promise<void>;
  /** Ends all that wait in this process. */
  close: () => void;
}

export async function openQuestions(keyValue: Pick<KeyValue, 'publish' | 'subscribe'>): Promise<Questions> {
  const waiting = new Map<string, Waiting>();
  const settle = ({ session, answer }: z.output<typeof told>): boolean => {
    if (!answer) {
      for (const one of waiting.values()) if (one.session === session) one.reject(sessionEnded());
      return false; // others may have some of it too
    }
    const asked = waiting.get(answer.id);
    if (asked?.session !== session) return false;
    if ('error' in answer) asked.reject(new ClientRefusal(answer.error));
    else asked.resolve(answer.result);
    return true;
  };
  await keyValue
    .subscribe(CHANNEL, (text) => {
      const { data } = told.safeParse(JSON.parse(text));
      if (data) settle(data);
    })
    .catch((): undefined => undefined); // the store is away: it subscribes once it is back
  const tell = async (said: z.output<typeof told>) => {
    if (!settle(said)) await keyValue.publish(CHANNEL, JSON.stringify(said));
  };

  return {
    open: (session, signal) => {
      signal.throwIfAborted();
      const open = [...waiting.values()].filter((one) => one.session === session);
      if (open.length >= AT_ONCE) throw tooMany();
      const id = randomUUID();
      const asked = new AbortController(); // of this question alone: the signal may live longer
      const answer = new Promise<Answer>((resolve, reject) => {
        waiting.set(id, { session, resolve, reject });
        const leave = () => {
          reject(signal.reason as Error); // what aborts calls here are errors
        };
        signal.addEventListener('abort', leave, { once: true, signal: asked.signal });
      }).finally(() => {
        waiting.delete(id);
        asked.abort();
      });
      return { id, answer };
    },
    take: (session, answer) => tell({ session, answer }),
    end: (session) => tell({ session }),
    close: () => {
      for (const { reject } of waiting.values())
        reject(new DomainError('service-unavailable', { detail: 'the hub is restarting' }));
    },
  };
}

const sessionEnded = () =>
  new DomainError('forbidden', { detail: 'the session in which it was asked ended' });
const tooMany = () =>
  new DomainError('rate-limited', { detail: `${AT_ONCE} questions of this session wait for an answer` });
