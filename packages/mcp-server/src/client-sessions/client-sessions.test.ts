import { randomUUID } from 'node:crypto';
import { memoryStore } from '@smart-ai-hub/shared/service';
import { afterAll, describe, expect, test } from 'vitest';
import { clientCapabilities, openClientSessions } from './client-sessions.ts';

const store = memoryStore();
afterAll(() => store.close());

const somebody = () => ({
  userId: randomUUID(),
  credential: { kind: 'key' as const, id: randomUUID() },
});
const facts = { door: '/mcp', capabilities: { elicitation: {} } };
const MINUTE = 60_000;

function clock() {
  let time = Date.now();
  const sessions = openClientSessions(store.keyValue, () => time);
  return { sessions, pass: (ms: number) => (time += ms) };
}

describe('sessions of clients', () => {
  test('end when nobody used them for an hour, and go on while somebody does', async () => {
    const { sessions, pass } = clock();
    const me = somebody();
    const [used, left] = [await sessions.begin(me, facts), await sessions.begin(me, facts)];
    const find = (id: string) => sessions.find(me, { id, door: '/mcp' });
    for (let i = 0; i < 3; i++) {
      pass(40 * MINUTE);
      expect(await find(used)).toMatchObject({ capabilities: { elicitation: {} } });
    }
    expect(await find(left)).toBeUndefined();
  });

  test('are 32 of a person: one more takes the place of the longest unused', async () => {
    const { sessions, pass } = clock();
    const [me, another] = [somebody(), somebody()];
    const theirs = await sessions.begin(another, facts);
    const ids: string[] = [];
    for (let i = 0; i < 32; i++) ids.push(await sessions.begin(me, facts));
    pass(2 * MINUTE);
    expect(await sessions.find(me, { id: ids[0] ?? '', door: '/mcp' })).toBeDefined(); // used again
    const last = await sessions.begin(me, facts);
    const open = await Promise.all([...ids, last].map((id) => sessions.find(me, { id, door: '/mcp' })));
    expect(open.flatMap((session, i) => (session ? [] : [i]))).toEqual([1]);
    expect(await sessions.find(another, { id: theirs, door: '/mcp' })).toBeDefined();
  });

  test('that are begun at the same moment are all kept', async () => {
    const { sessions } = clock();
    const me = somebody();
    const ids = await Promise.all(Array.from({ length: 8 }, () => sessions.begin(me, facts)));
    for (const id of ids) expect(await sessions.find(me, { id, door: '/mcp' })).toBeDefined();
  });

  test('that are ended do not come back by being used', async () => {
    const { sessions, pass } = clock();
    const me = somebody();
    const named = { id: await sessions.begin(me, facts), door: '/mcp' };
    pass(2 * MINUTE);
    await Promise.all([sessions.end(me, named), sessions.find(me, named)]);
    expect(await sessions.find(me, named)).toBeUndefined();
    await sessions.amend(me, named, () => ({ logLevel: 'debug' }));
    expect(await sessions.find(me, named)).toBeUndefined();
  });

  test('keep of what a client says of itself only what it can be asked', () => {
    const said = { elicitation: { form: {}, x: 'y'.repeat(1e6) }, experimental: { z: 1 }, roots: { a: 1 } };
    expect(clientCapabilities.parse(said)).toEqual({ elicitation: { form: {} }, roots: {} });
  });
});
