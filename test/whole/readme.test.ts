import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, inject, test } from 'vitest';
import { z } from 'zod';
import { CLIENTS } from './mcp-clients.ts';
import { signUp } from './person.ts';
import { startPlatform } from './platform.ts';
import { runProgram } from './printed.ts';

/** The block of a document that is in this language and holds these words. */
function blockOf(path: string, language: string, words: string): string {
  const text = readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
  const blocks = [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)];
  const found = blocks.find(([, kind, block]) => kind === language && block?.includes(words));
  if (!found?.[2]) throw new Error(`${path} has no ${language} with ${words}`);
  return found[2];
}

test('the lines of code in the README work as printed', async () => {
  await using platform = await startPlatform(inject('postgres'));
  const person = await signUp(platform.url);
  const code = blockOf('README.md', 'js', 'HUB_KEY').replace('http://127.0.0.1:3000', platform.url);
  const said = await runProgram(code, { HUB_KEY: await person.makeKey() });
  expect(said).toBe('This is hub/echo, not an AI model. You said: Hello, hub!');
});

test('the provider in the README is one that the hub takes as printed', async () => {
  const [, PROVIDERS = ''] =
    /PROVIDERS='(.*?)' npm start/.exec(blockOf('README.md', 'sh', 'PROVIDERS')) ?? [];
  await using platform = await startPlatform(inject('postgres'), { PROVIDERS });
  const models = JSON.stringify(await (await signUp(platform.url)).get('/v1/models'));
  expect(models).toContain('"gpt-4o-mini"');
});

test('the server in the page about MCP is one that a client connects to', async () => {
  await using platform = await startPlatform(inject('postgres'));
  const person = await signUp(platform.url);
  const server = z.object({ url: z.string(), headers: z.object({ Authorization: z.string() }) });
  const { mcpServers } = z
    .object({ mcpServers: z.object({ hub: server }) })
    .parse(JSON.parse(blockOf('docs/mcp.md', 'json', 'mcpServers')));
  expect(mcpServers.hub).toMatchObject({
    url: 'http://127.0.0.1:3000/mcp',
    headers: { Authorization: 'Bearer sk-hub-…' },
  });
  const [, connect] = CLIENTS[0] ?? [];
  await using client = await connect?.(platform.url, await person.makeKey());
  expect(await client?.tools()).toContain('list_models');
});
