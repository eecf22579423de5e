import { appendAudit, withTransaction } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import type { AuthContext } from '../context.ts';
import type { OpenedSession } from '../sessions/open-session.ts';
import { signIn } from '../sessions/sign-in.ts';
import { bounded } from './attempts.ts';
import { spendChallenge, whoWasAsked } from './challenge.ts';
import { spendRecoveryCode } from './recovery-codes.ts';
import { spendTotpCode } from './totp.ts';

type Proof = { code: string } | { recoveryCode: string };

/** Signs in who was asked for a second factor and shows it; a challenge opens one session. */
export async function passSecondFactor(
  ctx: AuthContext,
  { challenge, ...proof }: { challenge: string } & Proof,
): Promise<OpenedSession> {
  const userId = await whoWasAsked(ctx, challenge);
  if (userId === undefined) throw new DomainError('invalid-code');
  const passed = await bounded(ctx, userId, async () =>
    (await spend(ctx, userId, proof)) ? true : undefined,
  );
  if (!passed || !(await spendChallenge(ctx, challenge))) throw new DomainError('invalid-code');
  const person = await ctx.database.prisma.user.findUniqueOrThrow({ where: { id: userId } });
  return signIn(ctx, person, 'totp');
}

function spend(ctx: AuthContext, userId: string, proof: Proof): Promise<boolean> {
  return withTransaction(ctx.database, async (tx) => {
    if ('code' in proof) return spendTotpCode(ctx, tx, userId, proof.code);
    if (!(await spendRecoveryCode(tx, userId, proof.recoveryCode))) return false;
    const { address, userAgent, requestId } = ctx;
    const where = { address, userAgent, requestId };
    const what = { action: 'recovery-code.used', targetType: 'user', targetId: userId };
    await appendAudit(tx, { actorId: userId, ...what, ...where });
    return true;
  });
}
