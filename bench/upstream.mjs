import { createServer } from 'node:http';

/** A provider that answers at once, in OpenAI's format: what every other contestant is measured against. */
const usage = { prompt_tokens: 12, completion_tokens: 20, total_tokens: 32 };
const base = { id: 'chatcmpl-bench', created: 1_700_000_000, model: 'gpt-4o-mini' };
const event = (data) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const chunk = (delta, finish_reason = null) =>
  event({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] });

const JSON_ANSWER = JSON.stringify({
  ...base,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'word '.repeat(20) }, finish_reason: 'stop' }],
  usage,
});
/** Twenty events of text, then the end and the usage. */
const EVENTS = [
  ...Array.from({ length: 20 }, () => chunk({ content: 'word ' })),
  chunk({}, 'stop'),
  event({ ...base, object: 'chat.completion.chunk', choices: [], usage }) + event('[DONE]'),
];

/** What is asked for a stream that says one word and stays open. */
const HELD = '"Stay, please."';

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (part) => (body += part));
  request.on('end', () => {
    if (!body.includes('"stream":true')) {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(JSON_ANSWER),
      });
      response.end(JSON_ANSWER);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const [first, ...rest] = EVENTS;
    response.write(first);
    if (body.includes(HELD)) return; // until whoever asked goes away
    for (const part of rest) response.write(part);
    response.end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () =>
  process.send?.({ port: server.address().port }),
);
