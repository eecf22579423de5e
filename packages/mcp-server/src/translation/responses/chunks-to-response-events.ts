import { readChunks } from '../chunk-stream.ts';
import { completionId } from '../completion-shape.ts';
import { type EventTranslator, namedEvent } from '../event-translator.ts';
import { bodiesOf, closeItems, noOutput, speak, speakCall } from './output-events.ts';
import { spokenIn } from './output-item.ts';
import { endingOf, newResponse, type ResponseFacts, responseUsage, wantsSummary } from './response-frame.ts';

/**
 * Chunks of a completion as the events that a caller of
 * https://platform.openai.com/docs/api-reference/responses-streaming expects. The last event repeats all that was
 * said, also where the stream breaks off.
 */
export function chunksToResponseEvents(facts: ResponseFacts): EventTranslator {
  let sequence = 0;
  const tell = (type: string, fields: object) => namedEvent(type, { sequence_number: sequence++, ...fields });
  const summarizes = wantsSummary(facts);
  let response = newResponse('', {}, facts);
  let output = noOutput(tell, '');
  let ending = endingOf(undefined);
  return {
    ...readChunks({
      begin: (chunk) => {
        const id = completionId(chunk);
        response = newResponse(id, chunk, facts);
        output = noOutput(tell, id);
        return tell('response.created', { response }) + tell('response.in_progress', { response });
      },
      say: (said) =>
        [
          ...spokenIn(said, summarizes).map(([kind, text]) => speak(output, kind, text)),
          ...said.calls.map((call) => speakCall(output, call)),
        ].join(''),
      finish: (reason) => {
        ending = endingOf(reason);
        return closeItems(output, ending.status);
      },
      conclude: (reported) => {
        const rest = closeItems(output, ending.status);
        const usage = reported ? responseUsage(reported) : null;
        const whole = { ...response, ...ending, output: bodiesOf(output), usage };
        return rest + tell(`response.${ending.status}`, { response: whole });
      },
    }),
    fail: ({ message }) => {
      const error = { code: 'server_error', message };
      const broken = { ...response, status: 'failed', error, output: bodiesOf(output) };
      return tell('response.failed', { response: broken });
    },
  };
}
