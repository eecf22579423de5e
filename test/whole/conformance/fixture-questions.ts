import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequest,
  inputRequired,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { text } from './fixture-tools.ts';

/** Signs what travels between two rounds. */
export type Mint = (round: string) => Promise<string>;

type Properties = Record<string, { type: 'string' } | { type: 'boolean' }>;

const elicit = (message: string, properties: Properties) =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties, required: Object.keys(properties) },
  });
const sample = (question: string, maxTokens = 100) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: text(question) }], maxTokens });
const NAME: Properties = { name: { type: 'string' } };

/** Tools that ask back once, each with its questions; what was answered is said again. */
const QUESTIONS: Record<string, Record<string, InputRequest>> = {
  test_input_required_result_elicitation: { user_name: elicit('What is your name?', NAME) },
  test_input_required_result_sampling: { capital_question: sample('What is the capital of France?') },
  test_input_required_result_list_roots: { client_roots: inputRequired.listRoots() },
  test_missing_capability: { sampled: sample('anything') },
  test_streaming_elicitation: { streamed: elicit('And now?', NAME) },
  test_elicitation_sep1034_defaults: {
    defaults: inputRequired.elicit({
      message: 'Is this you?',
      requestedSchema: {
        type: 'object',
        properties: {
          name: { type: 'string', default: 'John Doe' },
          age: { type: 'integer', default: 30 },
          score: { type: 'number', default: 95.5 },
          status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
          verified: { type: 'boolean', default: true },
        },
      },
    }),
  },
  test_elicitation_sep1330_enums: {
    enums: inputRequired.elicit({
      message: 'Which ones?',
      requestedSchema: {
        type: 'object',
        properties: {
          untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
          titledSingle: {
            type: 'string',
            oneOf: [
              { const: 'value1', title: 'First Option' },
              { const: 'value2', title: 'Second Option' },
            ],
          },
          legacyEnum: { type: 'string', enum: ['opt1', 'opt2'], enumNames: ['Option One', 'Option Two'] },
          untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2'] } },
          titledMulti: {
            type: 'array',
            items: {
              anyOf: [
                { const: 'value1', title: 'First Choice' },
                { const: 'value2', title: 'Second Choice' },
              ],
            },
          },
        },
      },
    }),
  },
};

/** Asks what has no fitting answer yet; nothing where all have. */
function stillAsked(questions: Record<string, InputRequest>, { mcpReq }: ServerContext) {
  const isAnswered = ([key, { method }]: [string, InputRequest]) =>
    method === 'elicitation/create'
      ? acceptedContent(mcpReq.inputResponses, key) !== undefined
      : mcpReq.inputResponses?.[key] !== undefined;
  const open = Object.entries(questions).filter((one) => !isAnswered(one));
  return open.length > 0 ? Object.fromEntries(open) : undefined;
}

const answered = ({ mcpReq }: ServerContext, before = 'heard') => ({
  content: [text(`${before}: ${JSON.stringify(mcpReq.inputResponses ?? {})}`)],
});

/** Tools that ask back, by the names and in the rounds that the suite asks for. */
export function registerQuestions(server: McpServer, mint: Mint): void {
  for (const [name, questions] of Object.entries(QUESTIONS))
    server.registerTool(name, { description: 'Asks back' }, (call) => {
      const inputRequests = stillAsked(questions, call);
      return inputRequests ? inputRequired({ inputRequests }) : answered(call);
    });
  server.registerTool(
    'test_sampling',
    { description: 'Asks the model of its caller', inputSchema: z.object({ prompt: z.string() }) },
    ({ prompt }, call) => {
      const inputRequests = stillAsked({ sampled: sample(prompt) }, call);
      return inputRequests ? inputRequired({ inputRequests }) : answered(call, 'LLM response');
    },
  );
  server.registerTool(
    'test_elicitation',
    { description: 'Asks the person', inputSchema: z.object({ message: z.string() }) },
    ({ message }, call) => {
      const person = { username: { type: 'string' as const }, email: { type: 'string' as const } };
      const inputRequests = stillAsked({ person: elicit(message, person) }, call);
      return inputRequests ? inputRequired({ inputRequests }) : answered(call, 'User response');
    },
  );
  registerRounds(server, mint);
  registerByCapability(server);
}

/** Tools whose state travels through their caller. */
function registerRounds(server: McpServer, mint: Mint): void {
  const confirm = { confirm: elicit('Please confirm', { ok: { type: 'boolean' } }) };
  const several = {
    user_name: elicit('What is your name?', NAME),
    greeting: sample('Generate a greeting', 50),
    client_roots: inputRequired.listRoots(),
  };
  const once = {
    test_input_required_result_request_state: confirm,
    test_input_required_result_tampered_state: confirm,
    test_input_required_result_multiple_inputs: several,
  };
  for (const [name, questions] of Object.entries(once))
    server.registerTool(name, { description: 'Asks back, with a state' }, async (call) => {
      const inputRequests = stillAsked(questions, call);
      if (inputRequests) return inputRequired({ inputRequests, requestState: await mint('once') });
      return answered(call, call.mcpReq.requestState() === 'once' ? 'state-ok' : 'no state');
    });
  server.registerTool(
    'test_input_required_result_multi_round',
    { description: 'Asks back twice' },
    async (call) => {
      const round = call.mcpReq.requestState();
      const first = stillAsked({ step1: elicit('Step 1: What is your name?', NAME) }, call);
      if (round === undefined || (round === 'one' && first))
        return inputRequired({ inputRequests: first ?? {}, requestState: await mint('one') });
      const color = { color: { type: 'string' as const } };
      const second = stillAsked({ step2: elicit('Step 2: What is your favorite color?', color) }, call);
      return second
        ? inputRequired({ inputRequests: second, requestState: await mint('two') })
        : answered(call);
    },
  );
}

const declared = z.looseObject({
  [CLIENT_CAPABILITIES_META_KEY]: z.looseObject({ elicitation: z.unknown().optional() }),
});

/** Asks only what its caller says that it can answer. */
function registerByCapability(server: McpServer): void {
  server.registerTool(
    'test_input_required_result_capabilities',
    { description: 'Asks what can be answered' },
    (call) => {
      const can = declared.safeParse(call.mcpReq.envelope).data?.[CLIENT_CAPABILITIES_META_KEY];
      const questions: Record<string, InputRequest> =
        can?.elicitation === undefined ? { sampled: sample('anything') } : { asked: elicit('Who?', NAME) };
      const inputRequests = stillAsked(questions, call);
      return inputRequests ? inputRequired({ inputRequests }) : answered(call);
    },
  );
}
