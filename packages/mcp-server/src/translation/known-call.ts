import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { ToolCall } from './completion-shape.ts';

const MAX_CALLS = 1_024;

/** As much of a call as was heard of it. */
export interface KnownCall {
  callIndex: number | undefined;
  id: string;
  name: string;
}

/** The call that a piece belongs to, which is added to `calls` where it is a new one; now with what the piece tells of it. */
export function callOfPiece<C extends KnownCall>(calls: C[], piece: ToolCall, announce: () => C): C {
  const known = knownCall(calls, piece);
  const call = known ?? announce();
  if (!known) calls.push(call);
  if (calls.length > MAX_CALLS) throw tooManyCalls();
  call.id ||= piece.id;
  call.name ||= piece.name;
  return call;
}

export const tooManyCalls = () =>
  new DomainError('provider-failed', { detail: 'the provider mixed up more tool calls than can be sorted' });

/** Its index says so, but some vendors leave that out, or give the same to all calls and tell them apart by id alone. */
function knownCall<C extends KnownCall>(calls: C[], { index, id, name }: ToolCall): C | undefined {
  if (index !== undefined) {
    const found = calls.findLast(({ callIndex }) => callIndex === index);
    return found && (id === '' || found.id === '' || found.id === id) ? found : undefined;
  }
  if (id !== '') return calls.findLast((call) => call.id === id);
  const last = calls.at(-1);
  return name === '' || last?.name === '' ? last : undefined;
}
