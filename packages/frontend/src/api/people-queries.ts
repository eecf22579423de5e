import { DomainError, type Person, type Team } from '@smart-ai-hub/shared/contracts';
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import type { Hub } from './hub.ts';

const PAGE_SIZE = 20;
const WHOLE_PAGE = 100;
const SLOWLY_CHANGING = 5 * 60_000;

export interface PeopleFilter {
  search: string;
  /** Everybody but the deleted where it is empty. */
  state: Person['state'] | '';
}

export const usersQuery = (hub: Hub, { search, state }: PeopleFilter) =>
  infiniteQueryOptions({
    queryKey: ['people', 'users', search, state],
    queryFn: ({ pageParam, signal }) =>
      hub.users.listUsers(
        { query: { ...pageOf(pageParam), ...(search && { search }), ...(state && { state }) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

export const teamsQuery = (hub: Hub) =>
  infiniteQueryOptions({
    queryKey: ['people', 'teams'],
    queryFn: ({ pageParam, signal }) => hub.teams.listTeams({ query: pageOf(pageParam) }, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** Every team that the person who is signed in sees, for choices and for lists that know ids alone. */
export const allTeamsQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['people', 'teams', 'all'],
    queryFn: async ({ signal }): Promise<Team[]> => {
      const teams: Team[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: { items: Team[]; nextCursor: string | null } = await hub.teams.listTeams(
          { query: { limit: WHOLE_PAGE, ...(cursor && { cursor }) } },
          { signal },
        );
        teams.push(...page.items);
        cursor = page.nextCursor;
      }
      return teams;
    },
    staleTime: SLOWLY_CHANGING,
  });

export const teamMembersQuery = (hub: Hub, teamId: string) =>
  infiniteQueryOptions({
    queryKey: ['people', 'teams', teamId, 'members'],
    queryFn: ({ pageParam, signal }) =>
      hub.teams.listTeamMembers({ params: { teamId }, query: pageOf(pageParam) }, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** Somebody by their id, for lists that know no more of them. */
export const personQuery = (hub: Hub, userId: string) =>
  queryOptions({
    queryKey: ['people', 'one', userId],
    queryFn: ({ signal }) => hub.users.getUser({ params: { userId } }, { signal }),
    staleTime: SLOWLY_CHANGING,
  });

/** After a change of people or teams: each is shown in lists of the other. */
export const forgetPeople = (queries: QueryClient) => queries.invalidateQueries({ queryKey: ['people'] });

/** The person of exactly this address; rejects with `not-found` where there is none within reach. */
export async function personByEmail(hub: Hub, email: string): Promise<Person> {
  const { items } = await hub.users.listUsers({ query: { search: email, limit: 100 } });
  const person = items.find((one) => one.email.toLowerCase() === email.toLowerCase());
  if (person) return person;
  throw new DomainError('not-found');
}

const pageOf = (cursor: string) => ({ limit: PAGE_SIZE, ...(cursor && { cursor }) });
