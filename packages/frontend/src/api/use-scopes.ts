import { type Permission, type Scope, scopeOf } from '@smart-ai-hub/shared/contracts';
import { useUser } from './use-user.tsx';

/** How far the person who is signed in may do something: for what pages offer, since the hub decides at each call. */
export function useScopes(): (permission: Permission) => Scope | undefined {
  const grants = useUser()?.grants ?? {};
  return (permission) => scopeOf(grants, permission);
}

/** True for a scope that is about more than oneself. */
export const reachesOthers = (scope: Scope | undefined): boolean => scope === 'team' || scope === 'any';

/** True where they may do it at all. */
export const useMay = (permission: Permission): boolean => useScopes()(permission) !== undefined;
