import {
  type Client,
  type internalContract,
  MCP_SERVERS_CHANGED,
  type McpTool,
  type OpenedMcpProfile,
  type OpenedMcpServer,
} from '@smart-ai-hub/shared/contracts';
import type { AccessChanges, Logger } from '@smart-ai-hub/shared/service';
import { oneAtATime } from '../one-at-a-time.ts';
import type { SeenTools } from './list-tools.ts';
import { openUpstream, type Upstream } from './open-upstream.ts';
import { settingsOf } from './settings-of.ts';

/** Milliseconds until the list is asked for again, and after it could not be had. */
const AGAIN = 30_000;
const SOON = 2_000;
/** Milliseconds in which calls end that are under way when their server is taken away. */
const GRACE = 30_000;

/** A server of the database, and the way to it. */
export interface KeptUpstream {
  server: OpenedMcpServer;
  upstream: Upstream;
}

export interface KeptUpstreams {
  /** All that may be asked, those that are off too. */
  all: () => readonly KeptUpstream[];
  find: (serverId: string) => KeptUpstream | undefined;
  profile: (name: string) => OpenedMcpProfile | undefined;
  /** Tells core-service which tools a server has; answers how they stand. */
  report: (serverId: string, tools: SeenTools) => Promise<McpTool[]>;
  close: () => Promise<void>;
}

export interface KeptUpstreamsOptions {
  core: Pick<Client<typeof internalContract>, 'mcpServers' | 'reportMcpTools'>;
  changes: AccessChanges;
  breakerPercent: number;
  logger: Logger;
}

/**
 * The MCP servers that administrators keep in the database: asked for when core-service says that they changed, and every
 * 30 s in case that was not heard; while it is away the last ones stay. One that is spoken to as before keeps its
 * conversations. Resolves after the first look.
 */
export async function openKeptUpstreams(options: KeptUpstreamsOptions): Promise<KeptUpstreams> {
  const { core, changes, logger } = options;
  const reports = tellTools(options);
  const ways = keepWays(options, reports.later);
  let servers = new Map<string, KeptUpstream>();
  let profiles = new Map<string, OpenedMcpProfile>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const look = oneAtATime(async () => {
    clearTimeout(timer);
    const found = await core.mcpServers().catch((error: unknown) => {
      logger.warn('the MCP servers could not be asked for', { error });
    });
    if (isClosed) return;
    if (found) {
      servers = ways.replace(found.servers);
      profiles = new Map(found.profiles.map((profile) => [profile.name, profile]));
    }
    timer = setTimeout(() => void look(), found ? AGAIN : SOON).unref();
  });
  await changes.follow(
    (subject) => subject === MCP_SERVERS_CHANGED && void look(),
    () => void look(),
  );
  await look();
  return {
    all: () => [...servers.values()],
    find: (serverId) => servers.get(serverId),
    profile: (name) => profiles.get(name),
    report: reports.now,
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await ways.close();
    },
  };
}

/** Ways to servers, by everything that is said of how they are spoken to. */
function keepWays(
  { breakerPercent }: KeptUpstreamsOptions,
  onTools: (server: OpenedMcpServer, tools: SeenTools) => void,
) {
  let open = new Map<string, Upstream>();
  const retired = new Set<Upstream>();

  const retire = (upstream: Upstream) => {
    retired.add(upstream);
    const end = () => upstream.close().finally(() => retired.delete(upstream));
    setTimeout(() => void end(), GRACE).unref();
  };
  return {
    replace: (items: readonly OpenedMcpServer[]): Map<string, KeptUpstream> => {
      const before = open;
      open = new Map();
      const kept = items.map((server): [string, KeptUpstream] => {
        const { tools: _tools, active: _active, ...way } = server;
        const facts = JSON.stringify(way);
        const fresh = () =>
          openUpstream(settingsOf(server, { breakerPercent }), {
            onTools: (tools) => onTools(server, tools),
          });
        const upstream = before.get(facts) ?? fresh();
        open.set(facts, upstream);
        return [server.id, { server, upstream }];
      });
      for (const [facts, upstream] of before) if (!open.has(facts)) retire(upstream);
      return new Map(kept);
    },
    close: async () => {
      await Promise.all([...retired, ...open.values()].map((upstream) => upstream.close()));
    },
  };
}

/** Tells core-service of tools; of those that nobody waits for, once for each way that they are. */
function tellTools({ core, logger }: KeptUpstreamsOptions) {
  const told = new Map<string, string>();
  const now = async (serverId: string, { tools }: SeenTools) => {
    const body = { tools: tools.map(({ name, definition }) => ({ name, definition })) };
    const { items } = await core.reportMcpTools({ params: { serverId }, body });
    return items;
  };
  return {
    now,
    later: ({ id, name }: OpenedMcpServer, seen: SeenTools) => {
      const facts = seen.tools.map(({ name: tool, hash }) => `${tool} ${hash}`).join('\n');
      if (told.get(id) === facts) return;
      told.set(id, facts);
      now(id, seen).catch((error: unknown) => {
        told.delete(id);
        logger.warn('the tools of an MCP server could not be reported', { server: name, error });
      });
    },
  };
}
