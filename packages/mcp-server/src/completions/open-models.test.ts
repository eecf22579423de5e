import { fakeProvider, plain } from '@smart-ai-hub/shared/testing';
import type { Grants } from '@smart-ai-hub/shared/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startMcp } from '../mcp.fixture.ts';
import { question } from './chat.fixture.ts';

let vendor: Awaited<ReturnType<typeof fakeProvider>>;
let mcp: Awaited<ReturnType<typeof startMcp>>;
beforeAll(async () => {
  vendor = await fakeProvider();
  vendor.answerWith(plain());
  const models = ['shut', { id: 'shut-too', openToGuests: false }, { id: 'open', openToGuests: true }];
  mcp = await startMcp({ providers: [{ name: 'vendor', baseUrl: vendor.url, models }] });
});
afterAll(async () => {
  await mcp[Symbol.asyncDispose]();
  await vendor.close();
});

const MODELS = ['hub/echo', 'shut', 'shut-too', 'open'];
const list = z.object({ data: z.array(z.object({ id: z.string() })) });

const listed = async (token: string) => {
  const answer = await fetch(`${mcp.url}/v1/models`, { headers: mcp.headers(token) });
  return list.parse(await answer.json()).data.map(({ id }) => id);
};

const called = async (token: string) => {
  const answers = await Promise.all(
    MODELS.map((model) => mcp.send({ ...question, model }, { headers: mcp.headers(token) })),
  );
  await Promise.all(answers.map((answer) => answer.text()));
  return MODELS.filter((_, index) => answers[index]?.status === 200);
};

describe('list and call open the same models', () => {
  test.each<[string, string[], Grants | undefined, string[]]>([
    ['a guest', ['guest'], undefined, ['hub/echo', 'open']],
    ['a user', ['user'], undefined, MODELS],
    ['a guest who is a user too', ['guest', 'user'], undefined, MODELS],
    ['an admin', ['admin'], undefined, MODELS],
    ['a role with guests’ models', [], { 'services:use': 'own' }, ['hub/echo', 'open']],
  ])('to %s', async (_who, roles, grants, models) => {
    const token = await mcp.issuer.token({ roles, ...(grants && { grants }) });
    expect(await listed(token)).toEqual(models);
    expect(await called(token)).toEqual(models);
  });

  test('to nobody whose scope means nothing', async () => {
    const token = await mcp.issuer.token({ roles: [], grants: { 'services:use': 'team' } });
    const { status } = await fetch(`${mcp.url}/v1/models`, { headers: mcp.headers(token) });
    expect(status).toBe(403);
    expect(await called(token)).toEqual([]);
  });
});

test('a model that is shut is refused in the words of one that is not there, before anything is held', async () => {
  const headers = mcp.headers(await mcp.issuer.token({ roles: ['guest'] }));
  const before = mcp.books.reservations.length;
  const refusal = async (model: string) => {
    const answer = await mcp.send({ ...question, model }, { headers });
    return { status: answer.status, text: (await answer.text()).replaceAll(model, '') };
  };
  const shut = await refusal('shut');
  expect(shut).toEqual(await refusal('no-such-model'));
  expect(shut).toMatchObject({ status: 404, text: expect.stringContaining('model-not-found') });
  expect(mcp.books.reservations).toHaveLength(before);
});
