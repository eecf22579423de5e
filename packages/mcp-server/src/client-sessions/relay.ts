import { randomUUID } from 'node:crypto';
import { DomainError, isProblemCode } from '@smart-ai-hub/shared/contracts';
import type { KeyValue } from '@smart-ai-hub/shared/service';
import { z } from 'zod';
import { UpstreamRefusal } from '../upstreams/upstream-failure.ts';
import type { Round } from './held-call.ts';

/** An answer to what a held call asked. */
export interface Resumed {
  id: string;
  owner: string;
  responses: Record<string, unknown>;
}

/** Goes on with a call; nothing where this process does not hold it. */
export type Holder = (asked: Resumed, signal: AbortSignal) => (() => Promise<Round>) | undefined;

export interface Relay {
  /** Asks all processes; answers nothing where none of them holds it. */
  ask: (asked: Resumed, signal: AbortSignal) => Promise<Round | undefined>;
}

const CHANNEL = 'mcp-held-calls';
/** Milliseconds in which whoever holds a call says so. */
const ACKNOWLEDGE = 2_000;

const question = z.object({ method: z.string(), params: z.record(z.string(), z.unknown()) });
const round = z.union([
  z.object({ answer: z.record(z.string(), z.unknown()) }),
  z.object({ asked: z.record(z.string(), question), id: z.string() }),
]);
const failure = z.union([
  z.object({ problem: z.string().refine(isProblemCode), detail: z.string() }),
  z.object({ code: z.int(), message: z.string(), data: z.unknown().optional() }),
]);
/** What processes tell each other; `to` names the asking of one of them. */
const told = z.union([
  z.object({
    to: z.string(),
    resume: z.object({ id: z.string(), owner: z.string(), responses: z.record(z.string(), z.unknown()) }),
  }),
  z.object({ to: z.string(), left: z.literal(true) }),
  z.object({ to: z.string(), held: z.literal(true) }),
  z.object({ to: z.string(), round }),
  z.object({ to: z.string(), failure }),
]);
type Told = z.output<typeof told>;

/** Hands answers on to the process that holds the call, and what it comes to back again. */
export async function openRelay(
  keyValue: Pick<KeyValue, 'publish' | 'subscribe'>,
  holder: Holder,
): Promise<Relay> {
  const asking = new Map<string, (said: Told) => void>();
  const working = new Map<string, AbortController>();
  const publish = (said: Told) => keyValue.publish(CHANNEL, JSON.stringify(said));

  const serve = async (to: string, asked: Resumed) => {
    const leaving = new AbortController();
    const goOn = holder(asked, leaving.signal);
    if (!goOn) return;
    working.set(to, leaving);
    try {
      await publish({ to, held: true });
      await publish({ to, round: round.parse(await goOn()) });
    } catch (error) {
      await publish({ to, failure: failureOf(error) }).catch(() => undefined); // who asked hears of its own time limit
    } finally {
      working.delete(to);
    }
  };
  await keyValue
    .subscribe(CHANNEL, (text) => {
      const { data } = told.safeParse(JSON.parse(text));
      if (!data) return;
      if ('resume' in data) void serve(data.to, data.resume);
      else if ('left' in data) working.get(data.to)?.abort(new Error('the caller went away'));
      else asking.get(data.to)?.(data);
    })
    .catch((): undefined => undefined); // the store is away: it subscribes once it is back

  return {
    ask: async (resume, signal) => {
      const to = randomUUID();
      const said = new Promise<Round | undefined>((resolve, reject) => {
        const nobody = setTimeout(() => {
          resolve(undefined);
        }, ACKNOWLEDGE);
        asking.set(to, (heard) => {
          clearTimeout(nobody);
          if ('round' in heard) resolve(heard.round);
          if ('failure' in heard) reject(errorOf(heard.failure));
        });
        signal.addEventListener('abort', () => {
          clearTimeout(nobody);
          reject(signal.reason as Error); // what aborts calls here are errors
        });
      });
      try {
        await Promise.all([said, publish({ to, resume })]);
        return await said;
      } finally {
        asking.delete(to);
        if (signal.aborted) await publish({ to, left: true });
      }
    },
  };
}

function failureOf(error: unknown): z.output<typeof failure> {
  if (error instanceof UpstreamRefusal) {
    const { code, message, data } = error;
    return { code, message, data };
  }
  const { code, message } = error instanceof DomainError ? error : new DomainError('mcp-server-failed');
  return { problem: code, detail: message };
}

const errorOf = (said: z.output<typeof failure>): Error =>
  'problem' in said
    ? new DomainError(said.problem, { detail: said.detail })
    : new UpstreamRefusal({ code: said.code, message: said.message, data: said.data });
