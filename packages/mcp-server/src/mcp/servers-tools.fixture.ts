import { randomUUID } from 'node:crypto';
import type { OpenedMcpServer, OpenedMcpTool, OpenedTransport } from '@smart-ai-hub/shared/contracts';
import { openUpstream } from '../upstreams/open-upstream.ts';
import { settingsOf } from '../upstreams/settings-of.ts';

/** A child of Node's, as it is kept. */
export const child = (...args: string[]): Extract<OpenedTransport, { type: 'stdio' }> => ({
  ...{ type: 'stdio', command: process.execPath, args, env: [] },
  ...{ maxMemoryMb: 400, maxChildren: 4, idleSeconds: 60 },
});

export const RULES = {
  permission: 'tools:use',
  openToGuests: false,
  roles: null,
  confirm: false,
  confirmAboveMicro: null,
} as const;

/** A server as it is kept, with all tools approved as they are now, or those of `rules` by other rules. */
export async function approved(
  name: string,
  transport: OpenedTransport,
  { rules = {}, ...more }: Partial<OpenedMcpServer> & { rules?: Record<string, Partial<OpenedMcpTool>> } = {},
): Promise<OpenedMcpServer> {
  const server: OpenedMcpServer = {
    ...{ id: randomUUID(), name, transport, era: 'auto', timeoutMs: 10_000, maxResultBytes: 2 ** 20 },
    ...{ perPerson: false, active: true, tools: [], ...more },
  };
  const upstream = openUpstream(settingsOf(server, { breakerPercent: 0 }), { onTools: () => undefined });
  const { tools } = await upstream.tools('approver');
  await upstream.close();
  return {
    ...server,
    tools: tools.map((tool) => ({
      ...RULES,
      ...tool,
      callName: `${name}__${tool.name}`,
      ...rules[tool.name],
    })),
  };
}
