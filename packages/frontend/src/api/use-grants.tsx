import { type Grants, type Permission, scopeOf } from '@smart-ai-hub/shared/contracts';
import { useQuery } from '@tanstack/react-query';
import { grantsQuery } from './access-queries.ts';
import { useHub } from './app-context.tsx';

/** What the person who is signed in may do; nothing until it is known. */
export const useGrants = (): Grants => useQuery(grantsQuery(useHub())).data ?? {};

/** May they do this at all. */
export const useMay = (permission: Permission): boolean => scopeOf(useGrants(), permission) !== undefined;
