import type { CallOutput, secondFactorContract } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';

export type Factors = CallOutput<typeof secondFactorContract.factors>;

/** By what the actor can prove who they are. */
export async function factors(ctx: SignedInContext): Promise<Factors> {
  requireSession(ctx.actor);
  const { userId } = ctx.actor;
  const { passwordHash, totpSecret, _count } = await ctx.database.prisma.user.findUniqueOrThrow({
    where: { id: userId },
    select: {
      passwordHash: true,
      totpSecret: { select: { confirmedAt: true } },
      _count: { select: { passkeys: true, recoveryCodes: { where: { usedAt: null } } } },
    },
  });
  const has = {
    password: passwordHash !== null,
    totp: totpSecret?.confirmedAt != null,
    passkeys: _count.passkeys,
  };
  return { ...has, recoveryCodesLeft: _count.recoveryCodes, stepUpBy: stepUpBy(has) };
}

/** A password alone does not undo a second factor. */
function stepUpBy({ password, totp, passkeys }: Pick<Factors, 'password' | 'totp' | 'passkeys'>) {
  const ways: Factors['stepUpBy'] = [];
  if (passkeys > 0) ways.push('passkey');
  if (totp) ways.push('totp');
  if (password && !totp) ways.push('password');
  return ways;
}
