import type { Team } from '@smart-ai-hub/shared/contracts';
import { expect, it } from 'vitest';
import { fakeServer, json } from '../testing/fake-server.ts';
import { sampleSession } from '../testing/samples.ts';
import { createHub } from './hub.ts';
import { allTeamsQuery } from './people-queries.ts';
import { createQueryClient } from './query-client.ts';

const team = (name: string): Team => ({
  ...{ id: crypto.randomUUID(), name, monthlyLimitMicro: null, manager: null, members: 0 },
  createdAt: '2026-05-01T10:00:00.000Z',
});

it('all teams are those of every page', async () => {
  const pages = new Map([
    ['', { items: [team('a'), team('b')], nextCursor: 'second' }],
    ['second', { items: [team('c')], nextCursor: null }],
  ]);
  const server = fakeServer({
    'GET /api/v1/teams': ({ path }) =>
      json(pages.get(new URL(path, 'http://hub').searchParams.get('cursor') ?? '')),
  });
  const hub = createHub({ fetch: server.fetch, lock: (task) => task() });
  hub.session.adopt(sampleSession('token'));
  const teams = await createQueryClient().query(allTeamsQuery(hub));
  expect(teams.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
});
