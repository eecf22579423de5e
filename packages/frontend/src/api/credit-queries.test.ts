import type { Account, Person } from '@smart-ai-hub/shared/contracts';
import { expect, it } from 'vitest';
import { fakeServer, json } from '../testing/fake-server.ts';
import { sampleSession } from '../testing/samples.ts';
import { foundAccountsQuery, statementFile } from './credit-queries.ts';
import { createHub } from './hub.ts';
import { personQuery } from './people-queries.ts';
import { createQueryClient } from './query-client.ts';

it('a statement is of somebody and of some days, or of oneself and of all', () => {
  expect(statementFile(undefined, {})).toBe('/api/v1/credits/statement?');
  const days = { from: '2026-05-01T00:00:00.000Z', to: undefined };
  expect(statementFile('ada', days)).toBe(
    '/api/v1/credits/statement?userId=ada&from=2026-05-01T00%3A00%3A00.000Z',
  );
});

const NOW = '2026-05-01T10:00:00.000Z';

const person = (email: string): Person => ({
  ...{ id: crypto.randomUUID(), email, verified: true, locale: 'en', state: 'active', roles: [] },
  ...{ createdAt: NOW, disabledAt: null, deletedAt: null },
});

const account = (userId: string): Account => ({
  ...{ userId, status: 'active', balanceMicro: 3, heldMicro: 1, availableMicro: 2, createdAt: NOW },
});

it.each([
  [null, undefined],
  ['more', 2],
])('accounts are found by the addresses of people; next page %j', async (nextCursor, firstPeople) => {
  const [ada, grace] = [person('ada@example.com'), person('adele@example.com')];
  const server = fakeServer({
    'GET /api/v1/users': () => json({ items: [ada, grace], nextCursor }),
    'GET /api/v1/credits/accounts': ({ path }) => {
      const userId = new URL(path, 'http://hub').searchParams.get('userId');
      return json({ items: userId === ada.id ? [account(ada.id)] : [], nextCursor: null });
    },
  });
  const hub = createHub({ fetch: server.fetch, lock: (task) => task() });
  hub.session.adopt(sampleSession('token'));
  const queries = createQueryClient();
  const found = await queries.query(foundAccountsQuery(hub, 'ad', 'active'));
  expect(found).toEqual({ accounts: [account(ada.id)], firstPeople });
  expect(server.seen[0]?.path).toContain('search=ad');
  expect(server.seen.slice(1).every(({ path }) => path.includes('status=active'))).toBe(true);
  expect(queries.getQueryData(personQuery(hub, ada.id).queryKey)?.email).toBe(ada.email);
});
