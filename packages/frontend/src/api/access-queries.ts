import { type Grants, PERMISSIONS, type Role } from '@smart-ai-hub/shared/contracts';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Hub } from './hub.ts';

const MEMBERS = 20;
const MINUTE = 60_000;

/** What this person may do, so that pages show no more than the hub would let through. */
export const grantsQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['grants'],
    queryFn: async ({ signal }): Promise<Grants> => {
      const checks = PERMISSIONS.map((permission) => ({ permission }));
      const { items } = await hub.access.checkAccess({ body: { checks } }, { signal });
      return Object.fromEntries(
        items.flatMap(({ permission, scope }) => (scope === null ? [] : [[permission, scope]])),
      );
    },
    staleTime: MINUTE,
  });

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
