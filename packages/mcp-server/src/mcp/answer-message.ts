import { createMcpHandler, McpServer, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { Result } from '@modelcontextprotocol/server';
import type { McpMessage, OpenedMcpProfile } from '@smart-ai-hub/shared/contracts';
import { VERSION } from '@smart-ai-hub/shared/service';
import { z } from 'zod';
import type { ClientSession } from '../client-sessions/client-sessions.ts';
import type { CallContext } from '../completions/asked.ts';
import { asksNews, changeSubscription } from '../news/change-subscription.ts';
import { asCaller } from './as-caller.ts';
import { type McpCall, withClient } from './call-client.ts';
import { callTool, orItsFailure } from './call-tool.ts';
import { mayUseTool } from './may-use-tool.ts';
import { OWN_TOOLS } from './own-tools.ts';
import { passCall } from './pass-call.ts';
import { contentCapabilities, passContent } from './pass-content.ts';
import { asksContent, contentServer } from './passed-content.ts';
import { mayUsePassed, passedTools } from './passed-tools.ts';
import { inRounds } from './rounds.ts';
import { tellProgress } from './tell-progress.ts';
import type { Tool } from './tool.ts';

/** Milliseconds that a client may keep a list: what somebody may do can change at any time, and is asked at each call. */
const LIST_TTL = 60_000;

const INSTRUCTIONS =
  'Smart AI Hub: models and credits of the person who connected you. Amounts end in Micro: 1 credit is 1,000,000.';

/** What may be listed and called: the hub's own tools and those of its servers, or the chosen ones of a profile. */
interface Offered {
  name: string;
  definition: object;
  call: (args: unknown, call: McpCall) => Promise<Result>;
}

/** A message as its door read it. */
export interface Heard {
  message: McpMessage;
  profile: OpenedMcpProfile | undefined;
  /** Of a client of 2025 that began one. */
  session: ClientSession | undefined;
}

/** Answers as the protocol's library does, by a server that is made for this caller and this message. */
export function answerMessage(ctx: CallContext, request: Request, heard: Heard): Promise<Response> {
  const handler = createMcpHandler(() => serverFor(ctx, request.signal, heard), {
    onerror: (error) => ctx.logger.debug('an MCP message was refused', { error }),
  });
  return handler.fetch(request, { parsedBody: heard.message });
}

/** Holds headers of calls against the schemas that are listed; the library knows only those that it was given itself. */
class OfferingServer extends McpServer {
  offered: readonly Offered[] = [];

  override toolInputSchemaJson(name: string): Record<string, unknown> | undefined {
    const tool = this.offered.find((one) => one.name === name);
    return withSchema.safeParse(tool?.definition).data?.inputSchema;
  }
}

/** A server that has the tools that the caller may use, and no others: for lists and calls alike. */
async function serverFor(
  ctx: CallContext,
  signal: AbortSignal,
  { message, profile, session }: Heard,
): Promise<McpServer> {
  const methods = [message].flat().map(({ method }) => method);
  const kept = contentServer(ctx, profile);
  const content =
    kept && methods.some(asksWhatThereIs) ? await contentCapabilities({ ctx, kept }, signal) : {};
  const answering = new OfferingServer(
    { name: 'smart-ai-hub', title: profile?.title ?? 'Smart AI Hub', version: VERSION },
    {
      ...(!profile && { instructions: INSTRUCTIONS }),
      capabilities: { tools: { listChanged: false }, logging: {}, ...content },
      cacheHints: { 'tools/list': { ttlMs: LIST_TTL, cacheScope: 'private' } },
    },
  );
  const { server } = answering; // the part of it that compiles no schemas of others
  const offered = [...(profile ? [] : ownTools(ctx)), ...serversTools(ctx, profile)];
  answering.offered = offered;
  server.setRequestHandler('tools/list', { params: anything }, () => ({
    tools: offered.map(({ name, definition }) => ({ name, ...definition })),
  }));
  if (session) {
    const { id, door } = session;
    server.setRequestHandler('logging/setLevel', { params: wantedLevel }, async ({ level }) => {
      await ctx.clientSessions.amend(ctx.actor, { id, door }, () => ({ logLevel: level }));
      return {};
    });
  }
  // a handler of the method's own would have what it does not know cut out of answers
  server.removeRequestHandler(CALL);
  if (methods.some((method) => method === CALL || (kept && (asksContent(method) || asksNews(method)))))
    server.fallbackRequestHandler = async (request, asked) => {
      const { id: relatedRequestId } = asked.mcpReq;
      const call = withClient(asked, {
        ...{ session, questions: ctx.questions },
        send: async (said) => server.transport?.send(said, { relatedRequestId }),
      });
      if (kept && asksContent(request.method)) return passContent({ ctx, kept, request, call });
      const { signal: left } = asked.mcpReq;
      if (kept && asksNews(request.method) && !call.client.comesBack)
        return changeSubscription({ ctx, kept, request, session, signal: left });
      if (request.method !== CALL)
        throw new ProtocolError(ProtocolErrorCode.MethodNotFound, 'Method not found');
      const { name, arguments: args } = readCall(request.params);
      const tool = offered.find((one) => one.name === name);
      if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Tool ${name} not found`);
      return tool.call(args, call);
    };
  return answering;
}

const CALL = 'tools/call';
const asksWhatThereIs = (method: unknown): boolean => method === 'initialize' || method === 'server/discover';
const anything = z.looseObject({});
const wantedLevel = z.object({ level: z.string().max(20) });
const withSchema = z.looseObject({ inputSchema: anything });
const toolCall = z.looseObject({ name: z.string(), arguments: z.looseObject({}).optional() });

function readCall(params: unknown): z.output<typeof toolCall> {
  const { data, error } = toolCall.safeParse(params);
  if (error) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Invalid params for tools/call');
  return data;
}

function ownTools(ctx: CallContext): Offered[] {
  const services = asCaller(ctx);
  return OWN_TOOLS.filter((one) => mayUseTool(ctx.actor, one)).map((tool) => ({
    name: tool.name,
    definition: definitionOf(tool),
    call: (args, call) => {
      const { signal } = call.mcpReq;
      return callTool({ ...ctx, ...services, tell: tellProgress(call), signal }, tool, args ?? {});
    },
  }));
}

function serversTools(ctx: CallContext, profile: OpenedMcpProfile | undefined): Offered[] {
  const usable = passedTools(ctx.upstreams, profile).filter(({ tool }) => mayUsePassed(ctx.actor, tool));
  return usable.map((passed) => ({
    name: passed.name,
    definition: passed.tool.definition,
    call: (args, call) =>
      orItsFailure({ ...ctx, signal: call.mcpReq.signal }, passed.name, () =>
        inRounds({ name: passed.name, call }, (round) => passCall({ ctx, passed, args, call: round })),
      ),
  }));
}

const definitions = new WeakMap<Tool, object>();

/** A tool as clients are told of it; written once, since schemas take a while to write. */
function definitionOf(tool: Tool): object {
  const known = definitions.get(tool);
  if (known) return known;
  const { title, description, annotations, input, output } = tool;
  const definition = {
    ...{ title, description, annotations },
    inputSchema: z.toJSONSchema(input, { io: 'input' }),
    outputSchema: z.toJSONSchema(output, { io: 'output' }),
  };
  definitions.set(tool, definition);
  return definition;
}
