import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { type Access, quoted, type Setup, word } from '../../packages/frontend/src/connect/setup.ts';
import { type Family, SETUPS } from '../../packages/frontend/src/connect/setups.ts';
import { CLIENTS } from './mcp-clients.ts';
import { signUp } from './person.ts';
import { startPlatform, type TestPlatform } from './platform.ts';
import { runProgram, runShell } from './printed.ts';

let platform: TestPlatform;
let access: Access;
beforeAll(async () => {
  platform = await startPlatform(inject('postgres'));
  const person = await signUp(platform.url);
  access = { origin: platform.url, key: await person.makeKey(), model: 'hub/echo' };
});
afterAll(() => platform[Symbol.asyncDispose]());

const ECHO = 'This is hub/echo, not an AI model. You said: Hello, hub!';

const textOf = (family: Family, name: string, kind?: Setup['kind']): string => {
  const setup = SETUPS[family].find((one) => one.name === name && (kind ?? one.kind) === one.kind);
  if (!setup) throw new Error(`${family} has no set-up for ${name}`);
  return setup.text(access);
};

/** What an agent does with the variables that it is started with, by the package that it is built on. */
const ASK_CLAUDE = `import Anthropic from '@anthropic-ai/sdk';
const { ANTHROPIC_MODEL: model, ANTHROPIC_DEFAULT_HAIKU_MODEL: small } = process.env;
for (const one of [model, small]) {
  const messages = [{ role: 'user', content: 'Hello, hub!' }];
  const answer = await new Anthropic().messages.create({ model: one, max_tokens: 50, messages });
  console.log(answer.content[0].text);
}`;
const ASK_OPENAI = `import OpenAI from 'openai';
const [model = 'hub/echo'] = process.argv.slice(3).map((name) => name.replace(/^openai\\//, ''));
const baseURL = process.env.OPENAI_API_BASE ?? process.env.OPENAI_BASE_URL;
const messages = [{ role: 'user', content: 'Hello, hub!' }];
const answer = await new OpenAI({ baseURL }).chat.completions.create({ model, messages });
console.log(answer.choices[0].message.content);`;
const SAY_WORDS = 'console.log(JSON.stringify(process.argv.slice(2)))';

describe('what the page Connect prints', () => {
  test.each(['openai', 'anthropic'] as const)('runs for programs of %s', async (family) => {
    expect(await runProgram(textOf(family, 'TypeScript'))).toBe(`${ECHO}\n`);
    const answer = await runShell(textOf(family, 'curl').replace('curl', 'curl --silent --fail'));
    expect(JSON.stringify(JSON.parse(answer))).toContain(ECHO);
  });

  test('runs for programs of the Model Context Protocol', async () => {
    const tools = await runProgram(textOf('mcp', 'TypeScript'));
    expect(tools.trim().split('\n')).toContain('get_balance');
  });

  test('are variables by which agents find the hub', async () => {
    const claude = await runShell(textOf('agents', 'Claude Code'), { claude: ASK_CLAUDE });
    expect(claude).toBe(`${ECHO}\n${ECHO}\n`);
    expect(await runShell(textOf('agents', 'Aider'), { aider: ASK_OPENAI })).toBe(`${ECHO}\n`);
    const any = await runShell(`${textOf('agents', 'OPENAI_BASE_URL')}\nprogram`, { program: ASK_OPENAI });
    expect(any).toBe(`${ECHO}\n`);
  });

  test('is a provider of Codex, whose key and address open the responses', async () => {
    const config = textOf('agents', 'Codex CLI', 'toml');
    const value = (name: string) =>
      z.string().parse(JSON.parse(new RegExp(`^${name} = (.*)$`, 'm').exec(config)?.[1] ?? ''));
    expect([value('wire_api'), value('env_key'), value('model')]).toEqual([
      'responses',
      'HUB_KEY',
      'hub/echo',
    ]);
    const code = `import OpenAI from 'openai';
      const hub = new OpenAI({ baseURL: ${quoted(value('base_url'))}, apiKey: process.env.HUB_KEY });
      const answer = await hub.responses.create({ model: ${quoted(value('model'))}, input: 'Hello, hub!' });
      console.log(answer.output_text);`;
    expect(await runShell(textOf('agents', 'Codex CLI', 'terminal'), { codex: code })).toBe(`${ECHO}\n`);
  });

  test('is a file of Continue', async () => {
    const { models } = z
      .object({ models: z.array(z.object({ model: z.string(), apiBase: z.string(), apiKey: z.string() })) })
      .parse(parse(textOf('agents', 'Continue')));
    const { origin, key, model } = access;
    expect(models).toEqual([{ model, apiBase: `${origin}/v1`, apiKey: key }]);
  });

  test.each([
    ['Cursor', 'mcpServers'],
    ['VS Code', 'servers'],
  ])('is a file of %s', async (name, list) => {
    const server = z.object({ url: z.string(), headers: z.object({ Authorization: z.string() }) });
    const file = z.record(z.literal(list), z.object({ hub: server })).parse(JSON.parse(textOf('mcp', name)));
    const hub = server.parse(file[list]?.hub);
    await expectTools(hub.url, hub.headers.Authorization);
  });

  test('are words that the Claude command takes', async () => {
    const said = await runShell(textOf('mcp', 'Claude Code'), { claude: SAY_WORDS });
    const [, , , , name, url = '', , header = ''] = z.array(z.string()).parse(JSON.parse(said));
    expect(name).toBe('hub');
    expect(textOf('mcp', 'Claude Desktop')).toBe(url);
    await expectTools(url, header.replace('Authorization: ', ''));
  });

  test('is one word of the shell, whatever a model is called', async () => {
    const name = `it's $HOME "\`x\` \\ and`;
    expect(await runShell(`printf %s ${word(name)}`)).toBe(name);
  });
});

async function expectTools(url: string, authorization: string) {
  const [, connect] = CLIENTS[0] ?? [];
  if (!connect) throw new Error('there is no client');
  await using speaker = await connect(url.replace(/\/mcp$/, ''), authorization.replace('Bearer ', ''));
  expect(await speaker.tools()).toContain('list_models');
}
