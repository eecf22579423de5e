import { DomainError, type McpTool } from '@smart-ai-hub/shared/contracts';
import type { ActorContext } from '@smart-ai-hub/shared/service';
import type { McpDeps } from '../context.ts';
import { notUnderstood } from './upstream-failure.ts';

/** Asks a server for its tools now, and has them written down. Rejects with `not-found`, and as the server fails. */
export async function refreshServer(
  { upstreams, actor }: McpDeps & ActorContext,
  serverId: string,
): Promise<McpTool[]> {
  const kept = upstreams.find(serverId);
  if (!kept) throw new DomainError('not-found');
  const seen = await kept.upstream.refresh(actor.userId, new AbortController().signal).catch(notUnderstood);
  return upstreams.report(serverId, seen);
}
