import type { DatedPrice } from '@smart-ai-hub/shared/contracts';
import { expect, it } from 'vitest';
import { fakeServer, json } from '../testing/fake-server.ts';
import { samplePrice, sampleSession } from '../testing/samples.ts';
import { createHub } from './hub.ts';
import { toComeQuery } from './price-queries.ts';
import { createQueryClient } from './query-client.ts';

const dated = (model: string, state: DatedPrice['state']): DatedPrice => ({
  ...samplePrice(model, 1, 2),
  ...{ state, createdBy: null, createdAt: '2026-05-01T10:00:00.000Z' },
});

it('prices to come are the head of the history, however long it is, the next first', async () => {
  const pages = new Map([
    ['', { items: [dated('c', 'to-come'), dated('b', 'to-come')], nextCursor: 'second' }],
    ['second', { items: [dated('a', 'to-come'), dated('now', 'in-force')], nextCursor: 'third' }],
  ]);
  const server = fakeServer({
    'GET /api/v1/prices/history': ({ path }) =>
      json(pages.get(new URL(path, 'http://hub').searchParams.get('cursor') ?? '')),
  });
  const hub = createHub({ fetch: server.fetch, lock: (task) => task() });
  hub.session.adopt(sampleSession('token'));
  const toCome = await createQueryClient().query(toComeQuery(hub));
  expect(toCome.map(({ model }) => model)).toEqual(['a', 'b', 'c']);
  expect(server.seen).toHaveLength(2); // what is in force ends it
});
