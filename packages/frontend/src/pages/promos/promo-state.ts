import type { PromoCode } from '@smart-ai-hub/shared/contracts';

export type PromoState = 'open' | 'closed' | 'expired' | 'usedUp';

/** Whether somebody could redeem a code now, and if not, why; what an administrator did comes first. */
export function promoState(
  { active, expiresAt, maxUses, usedCount }: PromoCode,
  now = Date.now(),
): PromoState {
  if (!active) return 'closed';
  if (expiresAt !== null && Date.parse(expiresAt) <= now) return 'expired';
  return maxUses !== null && usedCount >= maxUses ? 'usedUp' : 'open';
}
