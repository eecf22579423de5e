import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coreBooks, startMcp } from '../mcp.fixture.ts';
import { programOf } from '../upstreams/upstream.fixture.ts';
import { callTool, modern, old } from './by-hand.fixture.ts';
import { approved, child } from './servers-tools.fixture.ts';

let folder: string;
let mcp: Awaited<ReturnType<typeof startMcp>>;
let door: { url: string; token: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcp-'));
  await writeFile(join(folder, 'note.txt'), 'written before');
  const env = [{ name: 'MEMORY_FILE_PATH', value: join(folder, 'memory.json') }];
  const books = coreBooks();
  books.mcp.servers = [
    await approved('files', child(programOf('server-filesystem'), folder)),
    await approved('memory', { ...child(programOf('server-memory')), env }),
  ];
  mcp = await startMcp({ books });
  door = { url: mcp.url, token: await mcp.issuer.token() };
}, 60_000);
afterAll(async () => {
  await mcp[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test.each([
  ['today', modern],
  ['2025', old],
])('files and a memory of others’ making are used by a client of %s', async (era, ask) => {
  const path = join(folder, 'note.txt');
  expect((await callTool(door, 'files__read_text_file', { path }, ask)).text).toBe('written before');
  const outside = await callTool(door, 'files__read_text_file', { path: '/etc/hostname' }, ask);
  expect(outside).toMatchObject({ isError: true, text: expect.stringContaining('Access denied') });
  const entities = [{ name: era, entityType: 'era', observations: ['is spoken'] }];
  await callTool(door, 'memory__create_entities', { entities }, ask);
  const { structured } = await callTool(door, 'memory__read_graph', {}, ask);
  expect(structured).toMatchObject({
    entities: expect.arrayContaining([expect.objectContaining(entities[0] ?? {})]),
  });
});
