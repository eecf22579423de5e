import type { McpServerHealth } from '@smart-ai-hub/shared/contracts';
import type { McpDeps } from '../context.ts';

/** How every server answers, as this process has seen it. */
export function listHealth({ upstreams }: McpDeps): Promise<{ items: McpServerHealth[] }> {
  const items = upstreams
    .all()
    .map(({ server, upstream }) => ({ serverId: server.id, ...upstream.health() }));
  return Promise.resolve({ items });
}
