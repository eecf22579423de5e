import type { Result, ServerContext } from '@modelcontextprotocol/server';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import type { CallContext } from '../completions/asked.ts';
import type { Answer } from '../upstreams/connection.ts';
import { UpstreamRefusal } from '../upstreams/upstream-failure.ts';
import { type RoundState, roundStates } from './confirm-call.ts';
import { envelopeOf } from './envelope.ts';

/** One of the rounds in which something is asked of a server that may ask back. */
export interface Round {
  ctx: CallContext;
  call: ServerContext;
  /** What is asked, told apart from everything else (`nameCall`). */
  named: string;
  /** As its caller knows it. */
  name: string;
}

/**
 * What this caller carried here from the last round. Rejects with `-32602` for what the hub did not sign for them, and
 * with `invalid-request` for what belongs to another call.
 */
export async function roundBefore({ ctx, call, named }: Round): Promise<RoundState | undefined> {
  const carried = call.mcpReq.requestState<string>();
  if (carried === undefined) return undefined;
  const before = await roundStates(ctx)
    .verify(carried, call)
    .catch((cause: unknown) => {
      const data = { reason: 'invalid_request_state' };
      ctx.logger.debug('a state that the hub did not sign', { error: cause });
      throw new UpstreamRefusal({ code: -32_602, message: 'Invalid or expired requestState', data });
    });
  if (before.call === named) return before;
  throw new DomainError('invalid-request', { detail: 'this is the answer to another call' });
}

/** An answer as its caller gets it: where the server asks back, its own state travels within the hub's. */
export async function carryOn({ ctx, call, named, name }: Round, answer: Answer): Promise<Result> {
  if (answer['resultType'] !== 'input_required') return answer;
  if (!canAnswer(call, answer)) throw cannotAnswer(name);
  const server = answer['requestState'];
  const state = { call: named, agreed: true, ...(typeof server === 'string' && { server }) };
  return { ...answer, requestState: await roundStates(ctx).mint(state, call) };
}

/** What a client says that it can do, where it may be asked that (MCP 2026-07-28, multi round-trip requests). */
const NEEDED = new Map([
  ['elicitation/create', 'elicitation'],
  ['sampling/createMessage', 'sampling'],
  ['roots/list', 'roots'],
]);
const questions = z.record(z.string(), z.looseObject({ method: z.string() })).default({});

/** True where a client of today said of everything that it is asked that it can answer it. */
function canAnswer(call: ServerContext, answer: Answer): boolean {
  const capabilities: Record<string, unknown> | undefined = envelopeOf(call)?.capabilities;
  const { data: asked } = questions.safeParse(answer['inputRequests']);
  if (!capabilities || !asked) return false;
  return Object.values(asked).every(({ method }) => capabilities[NEEDED.get(method) ?? ''] !== undefined);
}

const cannotAnswer = (name: string): DomainError =>
  new DomainError('forbidden', {
    detail: `${name} asks something back, and this client cannot be asked: call with one that speaks revision 2026-07-28`,
  });
