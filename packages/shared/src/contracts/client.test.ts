import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ClientRequest, type ClientResponse, createClient } from './client.ts';
import { DomainError, PROBLEMS } from './problems.ts';
import { defineContract } from './route.ts';

const contract = defineContract({
  list: {
    method: 'GET',
    path: '/things',
    summary: 'Things',
    access: 'public',
    query: z.object({ limit: z.number().optional(), like: z.string().optional() }),
    success: { status: 200, schema: z.object({ items: z.array(z.string()) }) },
    problems: [],
  },
  rename: {
    method: 'PATCH',
    path: '/teams/:team/things/:thing',
    summary: 'Rename',
    access: 'public',
    params: z.object({ team: z.string(), thing: z.string() }),
    body: z.object({ name: z.string() }),
    success: { status: 200, schema: z.object({ name: z.string() }) },
    problems: [],
  },
  remove: {
    method: 'DELETE',
    path: '/things',
    summary: 'Remove',
    access: 'public',
    success: { status: 204, schema: z.void() },
    problems: [],
  },
});

/** A client whose other side gives this answer, and what it was asked. */
function answering(response: ClientResponse) {
  const asked: ClientRequest[] = [];
  const client = createClient(contract, async (request) => {
    asked.push(request);
    return response;
  });
  return { client, asked };
}

const problem = (code: string, more: object = {}) => ({
  type: `/problems/${code}`,
  title: 'Words',
  status: 400,
  instance: '/things',
  code,
  requestId: 'request-1',
  ...more,
});

describe('a call', () => {
  test('fills each part of the path, encoded', async () => {
    const { client, asked } = answering({ status: 200, body: { name: 'new' } });
    await client.rename({ params: { team: 'a/b?c', thing: 'ผู้ใช้ #1' }, body: { name: 'new' } });
    expect(asked).toEqual([
      {
        method: 'PATCH',
        path: `/teams/a%2Fb%3Fc/things/${encodeURIComponent('ผู้ใช้ #1')}`,
        body: { name: 'new' },
        signal: undefined,
      },
    ]);
  });

  test.each<[{ limit?: number; like?: string | undefined }, string]>([
    [{ limit: 5, like: 'a&b=c' }, '/things?limit=5&like=a%26b%3Dc'],
    [{ limit: 0, like: undefined }, '/things?limit=0'],
    [{}, '/things'],
  ])('with query %j asks for %s', async (query, path) => {
    const { client, asked } = answering({ status: 200, body: { items: [] } });
    await client.list({ query });
    expect(asked[0]?.path).toBe(path);
  });

  test('hands on the signal', async () => {
    const { signal } = new AbortController();
    const { client, asked } = answering({ status: 200, body: { items: [] } });
    await client.list({ query: {} }, { signal });
    expect(asked[0]?.signal).toBe(signal);
  });

  test('answers what the contract names, and nothing beside it', async () => {
    const { client } = answering({ status: 200, body: { items: ['a'], internal: 'x' } });
    await expect(client.list({ query: {} })).resolves.toEqual({ items: ['a'] });
  });

  test('of a route without an answer gives nothing', async () => {
    const { client } = answering({ status: 204, body: undefined });
    await expect(client.remove()).resolves.toBeUndefined();
  });
});

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => expect.fail('it answered'),
    (error: unknown) => error,
  );

describe('a failed call', () => {
  test.each(Object.keys(PROBLEMS))(
    'rejects with the problem %s that the other side answered',
    async (code) => {
      const errors = [{ path: 'name', message: 'is missing' }];
      const body = problem(code, { detail: 'for this reason', retryAfter: 7, errors });
      const failure = await failureOf(answering({ status: 400, body }).client.remove());
      expect(failure).toBeInstanceOf(DomainError);
      expect(failure).toMatchObject({ code, detail: 'for this reason', retryAfter: 7, errors });
    },
  );

  test('adds nothing to a bare problem', async () => {
    const failure = await failureOf(answering({ status: 404, body: problem('not-found') }).client.remove());
    expect(failure).toMatchObject({
      code: 'not-found',
      detail: undefined,
      retryAfter: undefined,
      errors: undefined,
    });
  });

  test.each<[string, ClientResponse]>([
    ['a problem that nobody registered', { status: 400, body: problem('no-such-problem') }],
    ['an inherited name for a problem', { status: 400, body: problem('constructor') }],
    ['an error page', { status: 502, body: '<html>Bad gateway</html>' }],
    ['nothing', { status: 500, body: undefined }],
    ['success of another kind', { status: 201, body: { items: [] } }],
    ['a body outside the contract', { status: 200, body: { items: [1] } }],
    ['no body where one is due', { status: 200, body: undefined }],
    ['null where a body is due', { status: 200, body: null }],
  ])('is service-unavailable after %s', async (_, response) => {
    const failure = await failureOf(answering(response).client.list({ query: {} }));
    expect(failure).toBeInstanceOf(DomainError);
    expect(failure).toMatchObject({ code: 'service-unavailable' });
  });

  test('passes on what the transport says', async () => {
    const client = createClient(contract, () => Promise.reject(new DomainError('service-unavailable')));
    await expect(client.remove()).rejects.toMatchObject({ code: 'service-unavailable', retryAfter: 1 });
  });
});
