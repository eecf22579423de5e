import type { Actor, OpenedMcpProfile } from '@smart-ai-hub/shared/contracts';
import type { CallContext } from '../completions/asked.ts';
import { contentServer } from '../mcp/passed-content.ts';
import type { KeptUpstream } from '../upstreams/kept-upstreams.ts';

/** The server whose resources this caller has here, where it tells when they change. Rejects where it cannot be asked. */
export async function newsServer(
  ctx: Pick<CallContext, 'upstreams' | 'actor'>,
  profile: OpenedMcpProfile | undefined,
  signal: AbortSignal,
): Promise<KeptUpstream | undefined> {
  const kept = contentServer(ctx, profile);
  const found = await kept?.upstream.capabilities(ctx.actor.userId, signal);
  return found?.resources?.subscribe ? kept : undefined;
}

/** True while this person may use the same server here as when they began, and it is spoken to as it was then. */
export const isStillTheirs = (
  { upstreams }: Pick<CallContext, 'upstreams'>,
  actor: Actor,
  { kept, profile }: { kept: KeptUpstream; profile: string },
): boolean => contentServer({ upstreams, actor }, upstreams.profile(profile))?.upstream === kept.upstream;
