import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { z } from 'zod';

const ME = { name: 'test', version: '1.0.0' };

const toolResult = z.looseObject({
  content: z.tuple([z.looseObject({ type: z.literal('text'), text: z.string() })]),
  structuredContent: z.record(z.string(), z.unknown()).default({}),
  isError: z.boolean().default(false),
});

/** A client of somebody else's, connected; each checks by itself that answers are what the tool promised. */
export interface Speaker extends AsyncDisposable {
  tools: () => Promise<string[]>;
  call: (
    name: string,
    args?: Record<string, unknown>,
    onprogress?: (progress: { message?: string | undefined }) => void,
  ) => Promise<{ text: string; structured: Record<string, unknown>; isError: boolean }>;
}

const optionsFor = (token: string) => ({
  requestInit: { headers: { authorization: `Bearer ${token}` } },
});

const resultOf = (answer: unknown) => {
  const { content, structuredContent, isError } = toolResult.parse(answer);
  return { text: content[0].text, structured: structuredContent, isError };
};

type Mode = 'legacy' | 'auto' | { pin: string };

/** The official client of today, which speaks either era. */
const today =
  (mode?: Mode) =>
  async (url: string, token: string): Promise<Speaker> => {
    const client = new Client(ME, mode ? { versionNegotiation: { mode } } : {});
    await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), optionsFor(token)));
    return {
      tools: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: async (name, args = {}, onprogress = () => undefined) =>
        resultOf(await client.callTool({ name, arguments: args }, { onprogress })),
      [Symbol.asyncDispose]: () => client.close(),
    };
  };

/** The official client of the years before, as most programs still have it. */
async function before(url: string, token: string): Promise<Speaker> {
  const client = new OldClient(ME);
  await client.connect(new OldTransport(new URL(`${url}/mcp`), optionsFor(token)));
  return {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args = {}, onprogress = () => undefined) =>
      resultOf(await client.callTool({ name, arguments: args }, undefined, { onprogress })),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

export const CLIENTS: [string, (url: string, token: string) => Promise<Speaker>][] = [
  ['today’s client, as it comes', today()],
  ['today’s client, asking what there is', today('auto')],
  ['today’s client, for revision 2026-07-28 alone', today({ pin: '2026-07-28' })],
  ['the client of the years before', before],
];
