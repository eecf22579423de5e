import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

const ME = { name: 'test', version: '1.0.0' };

/** How a client’s person answers what they are asked. */
export type Reply = 'accept' | 'decline';

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
  /** Calls, and gives it up when the signal says so: rejects then. */
  callUntil: (name: string, signal: AbortSignal) => Promise<unknown>;
  /** What its person was asked so far. */
  asked: string[];
  prompts: () => Promise<string[]>;
  /** The first message of a prompt. */
  prompt: (name: string, args?: Record<string, string>) => Promise<string>;
  resources: () => Promise<string[]>;
  read: (uri: string) => Promise<string>;
  /** What it hears of from now on, this having been asked for. */
  watch: (uri: string) => Promise<readonly string[]>;
}

export interface SpeakerOptions {
  /** Of a profile. */
  path?: string;
  reply?: Reply;
  /** In place of the usual one. */
  fetch?: typeof fetch;
}

const optionsFor = (token: string, fetch: SpeakerOptions['fetch']) => ({
  requestInit: { headers: { authorization: `Bearer ${token}` } },
  ...(fetch && { fetch }),
});

const resultOf = (answer: unknown) => {
  const { content, structuredContent, isError } = toolResult.parse(answer);
  return { text: content[0].text, structured: structuredContent, isError };
};

type Mode = 'legacy' | 'auto' | { pin: string };

const ABLE = { capabilities: { elicitation: {} } };

const messageOf = (answer: unknown): string => {
  const text = z.object({ type: z.literal('text'), text: z.string() });
  const { messages } = z.object({ messages: z.array(z.object({ content: text })) }).parse(answer);
  return messages[0]?.content.text ?? '';
};
const contentOf = (answer: unknown): string => {
  const { contents } = z.object({ contents: z.array(z.object({ text: z.string() })) }).parse(answer);
  return contents[0]?.text ?? '';
};

/** What both clients have under the same names. */
const contentFor = (client: Client | OldClient) => ({
  prompts: async () => (await client.listPrompts()).prompts.map(({ name }) => name),
  prompt: async (name: string, args: Record<string, string> = {}) =>
    messageOf(await client.getPrompt({ name, arguments: args })),
  resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
  read: async (uri: string) => contentOf(await client.readResource({ uri })),
});

/** The official client of today, which speaks either era. */
const today =
  (mode?: Mode) =>
  async (
    url: string,
    token: string,
    { path = '/mcp', reply: action = 'accept', fetch }: SpeakerOptions = {},
  ): Promise<Speaker> => {
    const client = new Client(ME, { ...ABLE, ...(mode && { versionNegotiation: { mode } }) });
    const asked: string[] = [];
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params.message);
      return { action, content: {} };
    });
    await client.connect(new StreamableHTTPClientTransport(new URL(url + path), optionsFor(token, fetch)));
    return {
      ...{ asked, ...contentFor(client) },
      tools: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: async (name, args = {}, onprogress = () => undefined) =>
        resultOf(await client.callTool({ name, arguments: args }, { onprogress })),
      callUntil: (name, signal) => client.callTool({ name, arguments: {} }, { signal }),
      watch: async (uri) => {
        const heard: string[] = [];
        client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
          heard.push(params.uri);
        });
        if (client.getProtocolEra() === 'modern') await client.listen({ resourceSubscriptions: [uri] });
        else await client.subscribeResource({ uri });
        return heard;
      },
      [Symbol.asyncDispose]: () => client.close(),
    };
  };

/** The official client of the years before, as most programs still have it. */
async function before(
  url: string,
  token: string,
  { path = '/mcp', reply: action = 'accept', fetch }: SpeakerOptions = {},
): Promise<Speaker> {
  const client = new OldClient(ME, ABLE);
  const asked: string[] = [];
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    asked.push(params.message);
    return { action, content: {} };
  });
  await client.connect(new OldTransport(new URL(url + path), optionsFor(token, fetch)));
  return {
    ...{ asked, ...contentFor(client) },
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args = {}, onprogress = () => undefined) =>
      resultOf(await client.callTool({ name, arguments: args }, undefined, { onprogress })),
    callUntil: (name, signal) => client.callTool({ name, arguments: {} }, undefined, { signal }),
    watch: async (uri) => {
      const heard: string[] = [];
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
        heard.push(params.uri);
      });
      await client.subscribeResource({ uri });
      return heard;
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

export type Connect = (url: string, token: string, options?: SpeakerOptions) => Promise<Speaker>;

/** Each with the revision that it comes to speak with the hub. */
export const CLIENTS: [string, Connect, '2025-11-25' | '2026-07-28'][] = [
  ['`@modelcontextprotocol/client` as it comes', today(), '2025-11-25'],
  ['`@modelcontextprotocol/client` with `auto`', today('auto'), '2026-07-28'],
  ['`@modelcontextprotocol/client` with `pin`', today({ pin: '2026-07-28' }), '2026-07-28'],
  ['`@modelcontextprotocol/sdk` 1.32', before, '2025-11-25'],
];
