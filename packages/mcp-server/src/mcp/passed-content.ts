import {
  type Actor,
  callNameOf,
  matchesPattern,
  type OpenedMcpProfile,
  scopeOf,
} from '@smart-ai-hub/shared/contracts';
import type { CallContext } from '../completions/asked.ts';
import type { KeptUpstream } from '../upstreams/kept-upstreams.ts';

const METHODS = new Set([
  ...['prompts/list', 'prompts/get', 'completion/complete'],
  ...['resources/list', 'resources/templates/list', 'resources/read'],
]);

/** True for what is asked of prompts and resources. */
export const asksContent = (method: unknown): boolean => typeof method === 'string' && METHODS.has(method);

/** The server whose prompts and resources this caller has here, where they have any. */
export function contentServer(
  { upstreams, actor }: Pick<CallContext, 'upstreams' | 'actor'>,
  profile: OpenedMcpProfile | undefined,
): KeptUpstream | undefined {
  const id = profile?.contentServerId;
  const kept = id == null ? undefined : upstreams.find(id);
  return kept?.server.active && mayUseContent(actor, kept.server.name) ? kept : undefined;
}

/** As for tools that have no rules of their own; a key that names tools has to name all of the server's. */
function mayUseContent({ grants, limits }: Pick<Actor, 'grants' | 'limits'>, server: string): boolean {
  const isNamed = limits?.tools?.some((pattern) => matchesPattern(pattern, callNameOf(server, '*'))) ?? true;
  return isNamed && scopeOf(grants, 'tools:use') === 'any';
}
