import { z } from 'zod';

export const MODERN = '2026-07-28';
export const OLD = '2025-11-25';

const message = z.looseObject({
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  method: z.string().optional(),
  params: z.looseObject({}).optional(),
  result: z.looseObject({}).optional(),
  error: z.looseObject({ code: z.number(), message: z.string() }).optional(),
});

export interface Said {
  status: number;
  headers: Headers;
  /** Every message of the answer, in their order. */
  messages: z.output<typeof message>[];
  result: Record<string, unknown> | undefined;
  error: z.output<typeof message>['error'];
}

interface Door {
  url: string;
  token: string;
  /** Of a profile. */
  path?: string;
}

/** Sends what is given, as it is given. */
export async function post(
  { url, token, path = '/mcp' }: Door,
  body: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Said> {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal && { signal }),
  });
  const messages = messagesIn(await answer.text());
  const last = messages.at(-1);
  return { ...answerOf(answer), messages, result: last?.result, error: last?.error };
}

const answerOf = ({ status, headers }: Response) => ({ status, headers });

/** JSON, or the events of a stream. */
function messagesIn(text: string): z.output<typeof message>[] {
  if (text === '') return [];
  const events = text.startsWith('{') || text.startsWith('[') ? [text] : text.match(/(?<=^data: ).+$/gm);
  return (events ?? []).map((event) => message.parse(JSON.parse(event)));
}

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': MODERN,
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

interface Params extends Record<string, unknown> {
  name?: string;
  _meta?: Record<string, unknown>;
}

/** A message of revision 2026-07-28, and the headers that say the same. */
export const modernMessage = (method: string, { _meta: meta, ...params }: Params = {}) => ({
  body: { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: { ...ENVELOPE, ...meta } } },
  headers: {
    'mcp-protocol-version': MODERN,
    'mcp-method': method,
    ...(params.name !== undefined && { 'mcp-name': params.name }),
  },
});

/** A request of revision 2026-07-28, its headers equal to its body unless `headers` say otherwise. */
export function modern(
  door: Door,
  method: string,
  params: Params = {},
  headers: Record<string, string> = {},
): Promise<Said> {
  const { body, headers: usual } = modernMessage(method, params);
  return post(door, body, { ...usual, ...headers });
}

/** A request of the revisions of 2025. */
export const old = (door: Door, method: string, params: Params = {}): Promise<Said> =>
  post(door, { jsonrpc: '2.0', id: 1, method, params }, { 'mcp-protocol-version': OLD });

const listed = z.object({ tools: z.array(z.looseObject({ name: z.string() })) });

export const toolsFor = async (door: Door, ask = modern): Promise<string[]> =>
  listed.parse((await ask(door, 'tools/list')).result).tools.map(({ name }) => name);

const toolResult = z.looseObject({
  content: z.tuple([z.object({ type: z.literal('text'), text: z.string() })]),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  isError: z.boolean().optional(),
});

/** What a tool answered; throws where the protocol refused the call. */
export async function callTool(door: Door, name: string, args: object = {}, ask = modern) {
  const { result, error } = await ask(door, 'tools/call', { name, arguments: args });
  if (error) throw new Error(`${error.code}: ${error.message}`);
  const { content, structuredContent, isError = false } = toolResult.parse(result);
  return { text: content[0].text, structured: structuredContent, isError };
}
