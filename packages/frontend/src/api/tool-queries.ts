import type { KeptMcpServer, McpProfile, McpServerHealth, McpTool } from '@smart-ai-hub/shared/contracts';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type { Hub } from './hub.ts';

/** MCP servers by name, and the programs that one over stdio may be. */
export const mcpServersQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['tools', 'servers'],
    queryFn: ({ signal }): Promise<{ items: KeptMcpServer[]; stdioCommands: string[] }> =>
      hub.mcpServers.listMcpServers({}, { signal }),
  });

/** The tools of one server. */
export const mcpToolsQuery = (hub: Hub, serverId: string) =>
  queryOptions({
    queryKey: ['tools', 'of', serverId],
    queryFn: async ({ signal }): Promise<McpTool[]> =>
      (await hub.mcpServers.listMcpTools({ params: { serverId } }, { signal })).items,
  });

/** How servers answer, by their ids. */
export const mcpHealthQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['tools', 'health'],
    queryFn: async ({ signal }): Promise<Map<string, McpServerHealth>> => {
      const { items } = await hub.mcpUpstreams.listMcpServerHealth({}, { signal });
      return new Map(items.map((item) => [item.serverId, item]));
    },
  });

export const mcpProfilesQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['tools', 'profiles'],
    queryFn: async ({ signal }): Promise<McpProfile[]> =>
      (await hub.mcpProfiles.listMcpProfiles({}, { signal })).items,
  });

/** After anything about servers, tools or profiles changed. */
export const forgetTools = (queries: QueryClient): Promise<void> =>
  queries.invalidateQueries({ queryKey: ['tools'] });
