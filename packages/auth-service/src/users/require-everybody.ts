import { DomainError, type Permission } from '@smart-ai-hub/shared/contracts';
import { reachOf } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';

/** For what is nobody's own and no team's: rejects with `forbidden` unless the permission reaches everybody. */
export async function requireEverybody(ctx: SignedInContext, permission: Permission): Promise<void> {
  const { kind } = await reachOf(ctx, permission);
  if (kind === 'everybody') return;
  throw new DomainError('forbidden');
}
