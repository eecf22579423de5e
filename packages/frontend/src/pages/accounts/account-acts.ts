import { type Account, ACCOUNT_STATES } from '@smart-ai-hub/shared/contracts';
import { useScopes } from '../../api/use-scopes.ts';
import { useUser } from '../../api/use-user.tsx';

/** What may be done to an account: its credits changed, or its status. */
export type AccountAct = 'adjust' | Account['status'];

/** Whether the person who is signed in may change this account; who reaches a team alone, not their own. */
export function useMayAdjust(userId: string): boolean {
  const scope = useScopes()('credits:adjust');
  const isOwn = useUser()?.id === userId;
  return scope === 'any' || (scope === 'team' && !isOwn);
}

/** A closed account takes nothing in either. */
export const actsOn = ({ status }: Pick<Account, 'status'>): AccountAct[] => [
  ...(status === 'closed' ? [] : ['adjust' as const]),
  ...ACCOUNT_STATES.filter((state) => state !== status),
];
