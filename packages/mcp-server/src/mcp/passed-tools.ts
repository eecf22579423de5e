import {
  type Actor,
  matchesPattern,
  type OpenedMcpProfile,
  type OpenedMcpTool,
  scopeOf,
} from '@smart-ai-hub/shared/contracts';
import type { KeptUpstream, KeptUpstreams } from '../upstreams/kept-upstreams.ts';

/** A tool of another server, as somebody sees it here. */
export interface PassedTool {
  name: string;
  tool: OpenedMcpTool;
  kept: KeptUpstream;
}

/** Every tool that is approved and whose server is on: under its long name, or as a profile calls it. */
export function passedTools(servers: KeptUpstreams, profile?: OpenedMcpProfile): PassedTool[] {
  if (!profile)
    return servers
      .all()
      .filter(({ server }) => server.active)
      .flatMap((kept) => kept.server.tools.map((tool) => ({ name: tool.callName, tool, kept })));
  return profile.tools.flatMap(({ serverId, tool: wanted, name }) => {
    const kept = servers.find(serverId);
    const tool = kept?.server.tools.find((one) => one.name === wanted);
    return kept?.server.active && tool ? [{ name, tool, kept }] : [];
  });
}

/**
 * The one answer for list and call alike: what the tool asks of everybody, what it asks of its person, and of that what
 * a key names.
 */
export function mayUsePassed(
  { grants, limits, roles }: Pick<Actor, 'grants' | 'limits' | 'roles'>,
  { callName, permission, openToGuests, roles: chosen }: OpenedMcpTool,
): boolean {
  const isNamed = limits?.tools?.some((pattern) => matchesPattern(pattern, callName)) ?? true;
  const uses = scopeOf(grants, 'tools:use');
  const isOpen = uses === 'any' || (uses !== undefined && openToGuests);
  const hasRole = chosen?.some((role) => roles.includes(role)) ?? true;
  return isNamed && isOpen && hasRole && scopeOf(grants, permission) !== undefined;
}
