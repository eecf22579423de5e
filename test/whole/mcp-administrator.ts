import { openDatabase } from '@smart-ai-hub/database';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { type Person, signUp } from './person.ts';
import type { TestPlatform } from './platform.ts';

const server = z.object({ id: z.string() });

export interface AddedServer {
  id: string;
  /** By their own names. */
  tools: string[];
}
const found = z.object({
  tools: z.array(z.object({ name: z.string(), definition: z.unknown(), hash: z.string() })),
});

/** Somebody who adds MCP servers and makes profiles, over the API as anybody would. */
export interface McpAdministrator extends Person {
  /** Adds a server with all of its tools approved. */
  addServer: (name: string, transport: object, more?: { era?: string }) => Promise<AddedServer>;
  /** Has some of a server’s tools ask first. */
  askFirst: (serverId: string, names: string[]) => Promise<void>;
  /** Makes a profile, and waits until it is served. */
  addProfile: (name: string, body: object) => Promise<void>;
}

export async function mcpAdministrator(
  platform: Pick<TestPlatform, 'url' | 'ownerUrl'>,
): Promise<McpAdministrator> {
  const person = await signUp(platform.url);
  const owner = openDatabase({ url: platform.ownerUrl, poolMax: 1 });
  await owner.pool.query(
    `INSERT INTO core.user_roles (user_id, role_id) SELECT $1::uuid, id FROM core.roles WHERE name = 'admin'`,
    [person.id],
  );
  await owner.close();
  const ask = (method: string, path: string, body: object) =>
    fetch(platform.url + path, {
      method,
      headers: {
        authorization: `Bearer ${person.accessToken}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify(body),
    });
  return {
    ...person,
    addServer: async (name, transport, more = {}) => {
      const asked = await person.post('/api/v1/mcp-servers/check', { transport, ...more });
      const { tools } = found.parse(asked);
      const approve = tools.map(({ name: tool, definition }) => ({ name: tool, definition }));
      const added = await person.post('/api/v1/mcp-servers', { name, transport, approve, ...more });
      return { id: server.parse(added).id, tools: tools.map((tool) => tool.name) };
    },
    askFirst: async (serverId, names) => {
      const answer = await ask('PATCH', `/api/v1/mcp-servers/${serverId}/tools`, { names, confirm: true });
      expect(answer.status, await answer.text()).toBe(200);
    },
    addProfile: async (name, body) => {
      await person.post('/api/v1/mcp-profiles', { name, ...body });
      const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
      const isServed = async () => {
        expect((await ask('POST', `/mcp/${name}`, list)).status).toBe(200);
      };
      await vi.waitFor(isServed, { timeout: 35_000 }); // at the latest by the look of every 30 s
    },
  };
}
