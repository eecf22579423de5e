import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { Answer, AskBack } from '../upstreams/question.ts';

/** A question of a server of 2025, as clients of today are told of it. */
export interface HeldQuestion {
  method: string;
  params: Record<string, unknown>;
}

/** What a call came to, for now. */
export type Outcome = { answer: Answer } | { asked: Record<string, HeldQuestion> };

/** What a call came to, and its name where it is held for an answer. */
export type Round = Outcome & { id?: string };

/** Makes a call, with somebody who can be asked in the middle of it. */
export type Run = (over: { signal: AbortSignal; onAsked: AskBack }) => Promise<Answer>;

/** A call that stays open while its client, who is asked between two requests, is not there. */
export interface HeldCall {
  /** Resolves with the answer, or as soon as something is asked; whoever leaves meanwhile ends the call. */
  next: (signal: AbortSignal) => Promise<Outcome>;
  /** Answers what was asked; what is missing is asked again. */
  reply: (responses: Record<string, unknown>) => void;
  end: (reason: Error) => void;
}

export function holdCall(run: Run): HeldCall {
  const ending = new AbortController();
  const { ask, asked, reply } = gatherQuestions();
  const answered = run({ signal: ending.signal, onAsked: ask }).then((answer): Outcome => ({ answer }));
  answered.catch(() => undefined); // whoever comes for the answer hears of it
  return {
    next: async (signal) => {
      const leave = () => {
        ending.abort(signal.reason);
      };
      if (signal.aborted) leave();
      signal.addEventListener('abort', leave, { once: true });
      try {
        return await Promise.race([answered, asked()]);
      } finally {
        signal.removeEventListener('abort', leave);
      }
    },
    reply,
    end: (reason) => {
      ending.abort(reason);
    },
  };
}

interface Open extends HeldQuestion {
  resolve: (answer: Answer) => void;
}

/** Milliseconds in which questions of one moment gather. */
const GATHER = 20;

/** Questions that are open, told together. */
function gatherQuestions() {
  const open = new Map<string, Open>();
  let questions = 0;
  let tell: () => void = () => undefined;
  const ask: AskBack = (question, signal) =>
    new Promise((resolve, reject) => {
      questions += 1;
      const key = `question_${questions}`;
      open.set(key, { ...question, resolve });
      const withdraw = () => {
        open.delete(key);
        reject(signal.reason as Error); // what aborts calls here are errors
      };
      signal.addEventListener('abort', withdraw, { once: true });
      setTimeout(() => {
        tell();
      }, GATHER);
    });
  const asked = () =>
    new Promise<Outcome>((resolve) => {
      tell = () => {
        const said = Object.fromEntries(
          [...open].map(([key, { method, params }]) => [key, { method, params }]),
        );
        if (open.size > 0) resolve({ asked: said });
      };
      tell();
    });
  const reply = (responses: Record<string, unknown>) => {
    for (const [key, { resolve }] of open) {
      const said = responses[key];
      if (typeof said !== 'object' || said === null) continue;
      open.delete(key);
      resolve({ ...said });
    }
  };
  return { ask, asked, reply };
}

/** For who comes too late, and who comes with something that is not theirs. */
export const notHeld = () =>
  new DomainError('invalid-request', { detail: 'the call that this answers is over: call again' });
