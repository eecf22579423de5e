import type { Role } from '@smart-ai-hub/shared/contracts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Hub } from './hub.ts';

const MEMBERS = 20;

export const rolesQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['roles'],
    queryFn: async ({ signal }): Promise<Role[]> => (await hub.roles.listRoles({}, { signal })).items,
  });

export const membersQuery = (hub: Hub, name: string) =>
  infiniteQueryOptions({
    queryKey: ['role-members', name],
    queryFn: ({ pageParam, signal }) =>
      hub.roles.listRoleMembers(
        { params: { name }, query: { limit: MEMBERS, ...(pageParam && { cursor: pageParam }) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** What a change of roles changes. */
export const ROLES_CHANGED = [['roles'], ['role-members'], ['grants'], ['audit']] as const;
