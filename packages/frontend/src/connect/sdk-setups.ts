import { quoted, word, type Setup } from './setup.ts';

/** OpenAI's own packages: github.com/openai/openai-node and openai-python. */
export const OPENAI: readonly Setup[] = [
  {
    name: 'Python',
    kind: 'python',
    text: ({ origin, key, model }) => `from openai import OpenAI

hub = OpenAI(base_url=${quoted(`${origin}/v1`)}, api_key=${quoted(key)})
answer = hub.chat.completions.create(
    model=${quoted(model)},
    messages=[{"role": "user", "content": "Hello, hub!"}],
)
print(answer.choices[0].message.content)`,
  },
  {
    name: 'TypeScript',
    kind: 'typescript',
    text: ({ origin, key, model }) => `import OpenAI from "openai";

const hub = new OpenAI({ baseURL: ${quoted(`${origin}/v1`)}, apiKey: ${quoted(key)} });
const answer = await hub.chat.completions.create({
  model: ${quoted(model)},
  messages: [{ role: "user", content: "Hello, hub!" }],
});
console.log(answer.choices[0]?.message.content);`,
  },
  {
    name: 'curl',
    kind: 'terminal',
    text: ({ origin, key, model }) => {
      const body = { model, messages: [{ role: 'user', content: 'Hello, hub!' }] };
      return `curl ${word(`${origin}/v1/chat/completions`)} \\
  --header ${word(`Authorization: Bearer ${key}`)} \\
  --header 'Content-Type: application/json' \\
  --data ${word(JSON.stringify(body))}`;
    },
  },
];

/** Anthropic's own packages, which add /v1 to the address by themselves: platform.claude.com/docs. */
export const ANTHROPIC: readonly Setup[] = [
  {
    name: 'Python',
    kind: 'python',
    text: ({ origin, key, model }) => `from anthropic import Anthropic

hub = Anthropic(base_url=${quoted(origin)}, api_key=${quoted(key)})
answer = hub.messages.create(
    model=${quoted(model)},
    max_tokens=1024,
    messages=[{"role": "user", "content": "Hello, hub!"}],
)
print(answer.content[0].text)`,
  },
  {
    name: 'TypeScript',
    kind: 'typescript',
    text: ({ origin, key, model }) => `import Anthropic from "@anthropic-ai/sdk";

const hub = new Anthropic({ baseURL: ${quoted(origin)}, apiKey: ${quoted(key)} });
const answer = hub.messages.stream({
  model: ${quoted(model)},
  max_tokens: 1024,
  messages: [{ role: "user", content: "Hello, hub!" }],
});
console.log(await answer.finalText());`,
  },
  {
    name: 'curl',
    kind: 'terminal',
    text: ({ origin, key, model }) => {
      const body = { model, max_tokens: 1024, messages: [{ role: 'user', content: 'Hello, hub!' }] };
      return `curl ${word(`${origin}/v1/messages`)} \\
  --header ${word(`x-api-key: ${key}`)} \\
  --header 'anthropic-version: 2023-06-01' \\
  --header 'Content-Type: application/json' \\
  --data ${word(JSON.stringify(body))}`;
    },
  },
];
