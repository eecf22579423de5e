import { quoted, word, type Access, type Setup } from './setup.ts';

const address = ({ origin }: Access): string => `${origin}/mcp`;
const headersOf = ({ key }: Access) => ({ Authorization: `Bearer ${key}` });
const pretty = (value: unknown): string => JSON.stringify(value, undefined, 2);

/** Clients of the Model Context Protocol, by the settings that each documents. */
export const MCP: readonly Setup[] = [
  {
    // code.claude.com/docs/en/mcp
    name: 'Claude Code',
    kind: 'terminal',
    text: (access) => `claude mcp add --transport http hub ${word(address(access))} \\
  --header ${word(`Authorization: Bearer ${access.key}`)}`,
  },
  {
    // cursor.com/docs/context/mcp
    name: 'Cursor',
    kind: 'json',
    file: '~/.cursor/mcp.json',
    text: (access) => pretty({ mcpServers: { hub: { url: address(access), headers: headersOf(access) } } }),
  },
  {
    // code.visualstudio.com/docs/copilot/reference/mcp-configuration
    name: 'VS Code',
    kind: 'json',
    file: '.vscode/mcp.json',
    text: (access) =>
      pretty({ servers: { hub: { type: 'http', url: address(access), headers: headersOf(access) } } }),
  },
  { name: 'Claude Desktop', kind: 'address', text: address },
  {
    // github.com/modelcontextprotocol/typescript-sdk
    name: 'TypeScript',
    kind: 'typescript',
    text: (access) => `import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

const hub = new Client({ name: "example", version: "1.0.0" });
const headers = { Authorization: ${quoted(`Bearer ${access.key}`)} };
const address = new URL(${quoted(address(access))});
await hub.connect(new StreamableHTTPClientTransport(address, { requestInit: { headers } }));
const { tools } = await hub.listTools();
console.log(tools.map(({ name }) => name).join("\\n"));
await hub.close();`,
  },
];
