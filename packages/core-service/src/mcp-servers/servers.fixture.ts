import { randomUUID } from 'node:crypto';
import { internalContract, mcpServersContract } from '@smart-ai-hub/shared/contracts';
import { expect } from 'vitest';
import { SERVICE_TOKEN, startCore } from '../core.fixture.ts';

export const SERVERS = '/api/v1/mcp-servers';
export const LOCAL = 'http://127.0.0.1:9';
export const PROGRAM = '/opt/mcp/server';

export const newName = () => `s-${randomUUID().slice(0, 8)}`;
/** A secret whose every part is looked for. */
export const newSecret = () => `secret-${randomUUID()}`;
export const overHttp = (more: object = {}) => ({ type: 'http', url: `${LOCAL}/mcp`, ...more });
export const overStdio = (more: object = {}) => ({ type: 'stdio', command: PROGRAM, ...more });
export const definition = (description: string) => ({
  ...{ title: 'Tool', description, inputSchema: { type: 'object', properties: { a: {}, b: {} } } },
});

/** core-service, an administrator, and what mcp-server hears and says. */
export async function startServers() {
  const core = await startCore({ MCP_LOCAL_ORIGINS: LOCAL, MCP_STDIO_COMMANDS: `${PROGRAM},npx` });
  const admin = await core.person(['admin']);
  const create = async (more: object = {}) => {
    const given = { name: newName(), transport: overHttp(), ...more };
    const answer = await admin.ask('POST', SERVERS, given);
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
    return mcpServersContract.createMcpServer.success.schema.parse(answer.body);
  };
  const toolsOf = (body: unknown) => mcpServersContract.listMcpTools.success.schema.parse(body).items;
  return {
    ...{ core, admin, create },
    change: (id: string, body: object) => admin.ask('PATCH', `${SERVERS}/${id}`, body),
    list: async () => {
      const { body } = await admin.ask('GET', SERVERS);
      return mcpServersContract.listMcpServers.success.schema.parse(body).items;
    },
    tools: async (id: string) => toolsOf((await admin.ask('GET', `${SERVERS}/${id}/tools`)).body),
    approve: (id: string, tools: object[]) => admin.ask('POST', `${SERVERS}/${id}/tools/approve`, { tools }),
    changeTools: (id: string, body: object) => admin.ask('PATCH', `${SERVERS}/${id}/tools`, body),
    /** What mcp-server hears. */
    opened: async () => {
      const { body } = await core.ask('GET', '/internal/mcp-servers', { token: SERVICE_TOKEN });
      return internalContract.mcpServers.success.schema.parse(body);
    },
    /** What mcp-server says that a server has: descriptions by name. */
    report: async (id: string, seen: Record<string, string>) => {
      const tools = Object.entries(seen).map(([name, text]) => ({ name, definition: definition(text) }));
      const path = `/internal/mcp-servers/${id}/tools`;
      return core.ask('PUT', path, { token: SERVICE_TOKEN, body: { tools } });
    },
    audited: (id: string) =>
      core.sql('SELECT action, actor_id, before, after FROM audit.events WHERE target_id = $1 ORDER BY id', [
        id,
      ]),
  };
}
