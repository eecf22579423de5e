import type { Answer } from './provider.ts';
import { startStream } from './provider.ts';

/** What an answer of Gemini's was charged as: 100 tokens in, 30 of them cached, and 20 out, 5 of them thought. */
export const GEMINI_USAGE = {
  promptTokenCount: 100,
  cachedContentTokenCount: 30,
  candidatesTokenCount: 15,
  thoughtsTokenCount: 5,
  totalTokenCount: 120,
};

const BASE = { modelVersion: 'gemini-upstream', responseId: 'r1' };

/** An answer, or one event of a stream of them: https://ai.google.dev/api/generate-content. */
export const geminiAnswer = (parts: object[], more: object = {}, finishReason?: string): object => ({
  candidates: [{ content: { role: 'model', parts }, index: 0, ...(finishReason && { finishReason }) }],
  ...BASE,
  ...more,
});

export const geminiEvent = (answer: object): string => `data: ${JSON.stringify(answer)}\r\n\r\n`;

/** A whole answer in Google's documented format, plain or streamed as the address says; each event tells usage. */
export const generated =
  (content = 'Hello from the vendor.', usage: object = GEMINI_USAGE): Answer =>
  (response, { path }) => {
    const told = { usageMetadata: usage };
    if (!path.includes(':streamGenerateContent')) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(geminiAnswer([{ text: content }], told, 'STOP')));
      return;
    }
    startStream(response);
    const soFar = { usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 1 } };
    for (const text of content.match(/\s*\S+/g) ?? [])
      response.write(geminiEvent(geminiAnswer([{ text }], soFar)));
    response.end(geminiEvent(geminiAnswer([], told, 'STOP')));
  };

/** An error in Google's shape, https://google.aip.dev/193. */
export const refuseGenerated =
  (code: number, message = 'The vendor refused.', details: object[] = []): Answer =>
  (response) => {
    response.writeHead(code, { 'content-type': 'application/json' });
    const status = code === 429 ? 'RESOURCE_EXHAUSTED' : 'INVALID_ARGUMENT';
    response.end(JSON.stringify({ error: { code, message, status, details } }));
  };
