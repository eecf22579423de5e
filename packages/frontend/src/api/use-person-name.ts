import { useQuery } from '@tanstack/react-query';
import { useHub } from './app-context.tsx';
import { personQuery } from './people-queries.ts';
import { reachesOthers, useScopes } from './use-scopes.ts';

/** The e-mail address of somebody, where the person who is signed in may know it; else, and until then, the id. */
export function usePersonName(userId: string): string {
  const mayKnow = reachesOthers(useScopes()('users:read'));
  const person = useQuery({ ...personQuery(useHub(), userId), enabled: mayKnow });
  return person.data?.email ?? userId;
}
