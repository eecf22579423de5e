import {
  CLIENT_CAPABILITIES_META_KEY,
  type JSONRPCMessage,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import type { ClientSession } from '../client-sessions/client-sessions.ts';
import type { Questions } from '../client-sessions/questions.ts';
import type { Answer, AskBack } from '../upstreams/question.ts';

/** Whoever made a call: what can be asked of them, and what they want to hear meanwhile. */
export interface CallClient {
  /** What it says that it can do; nothing where it said so to nobody who remembers. */
  capabilities: { elicitation?: unknown; sampling?: unknown; roots?: unknown };
  /** As a server of today is told of it. */
  logLevel: string | undefined;
  /** True where it wants to hear what is logged at this level. */
  hears: (level: unknown) => boolean;
  /** Asks in the middle of the call, over a session. */
  ask?: AskBack;
  /** Of today: it is asked between two calls. */
  comesBack?: true;
}

/** A call with its client. */
export type McpCall = ServerContext & { client: CallClient };

/** Part of revision 2026-07-28, and on its way out of the protocol. */
const LOG_LEVEL = 'io.modelcontextprotocol/logLevel';
/** What clients of before hear, who always did: a server of today has to be told. */
const USUAL_LEVEL = 'info';
/** From what matters least (RFC 5424, 6.2.1). */
const LEVELS: unknown[] = [
  ...['debug', 'info', 'notice', 'warning'],
  ...['error', 'critical', 'alert', 'emergency'],
];

const envelope = z.looseObject({
  [CLIENT_CAPABILITIES_META_KEY]: z.looseObject({}).optional(),
  [LOG_LEVEL]: z.string().optional(),
});

interface Over {
  session: ClientSession | undefined;
  questions: Questions;
  /** Says something in the stream of the call. */
  send: (message: JSONRPCMessage) => Promise<void>;
}

/** Clients of today say what they are with each message; those of before said it once, when their session began. */
export function withClient(call: ServerContext, { session, questions, send }: Over): McpCall {
  const { data } = envelope.safeParse(call.mcpReq.envelope);
  if (data) {
    const logLevel = data[LOG_LEVEL];
    const capabilities = data[CLIENT_CAPABILITIES_META_KEY] ?? {};
    return {
      ...call,
      client: { capabilities, logLevel, hears: () => logLevel !== undefined, comesBack: true },
    };
  }
  const { capabilities = {}, logLevel } = session ?? {};
  const least = LEVELS.indexOf(logLevel);
  return {
    ...call,
    client: {
      ...{ capabilities, logLevel: logLevel ?? USUAL_LEVEL },
      hears: (level) => LEVELS.indexOf(level) >= least,
      ...(session && { ask: askOver(session, { questions, send }) }),
    },
  };
}

/** Milliseconds for which somebody may think about a question while their call waits. */
const THINKING = 300_000;

export const cannotAnswer = () =>
  new DomainError('forbidden', { detail: 'this client has not said that it can answer that' });

/** Asks in the stream of the call; the answer comes as a message of its own, to whichever process. */
const askOver =
  (
    { id: session, capabilities }: ClientSession,
    { questions, send }: Pick<Over, 'questions' | 'send'>,
  ): AskBack =>
  async ({ method, params }, signal): Promise<Answer> => {
    if (!canAnswer({ capabilities }, method)) throw cannotAnswer();
    const patience = AbortSignal.any([signal, AbortSignal.timeout(THINKING)]);
    const { id, answer } = questions.open(session, patience);
    try {
      const [said] = await Promise.all([answer, send({ jsonrpc: '2.0', id, method, params })]);
      return said;
    } catch (error) {
      if (!patience.aborted) throw error;
      const told = { requestId: id, reason: 'nobody waits for it any more' };
      // whoever went away hears nothing
      await send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: told }).catch(() => undefined);
      throw signal.aborted ? error : new DomainError('forbidden', { detail: 'nobody answered in time' });
    }
  };

/** What a client says that it can do, where it may be asked that (MCP 2026-07-28, multi round-trip requests). */
const NEEDED = new Map<string, keyof CallClient['capabilities']>([
  ['elicitation/create', 'elicitation'],
  ['sampling/createMessage', 'sampling'],
  ['roots/list', 'roots'],
]);

/** True for a client that said that it can answer this; by default, that it can ask its person. */
export function canAnswer({ capabilities }: Pick<CallClient, 'capabilities'>, method = 'elicitation/create') {
  const needed = NEEDED.get(method);
  return needed !== undefined && capabilities[needed] !== undefined;
}

/** What a server is told of the client behind the hub: what it can do, and how much it wants to hear. */
export const clientMeta = ({ client: { capabilities, logLevel } }: McpCall): Record<string, unknown> => ({
  [CLIENT_CAPABILITIES_META_KEY]: capabilities,
  ...(logLevel !== undefined && { [LOG_LEVEL]: logLevel }),
});
