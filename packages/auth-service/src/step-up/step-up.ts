import { appendAudit, auditOf, withAnnouncement, withTransaction } from '@smart-ai-hub/database';
import { DomainError, type PasskeyAssertion } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import { verifyPassword } from '../accounts/password.ts';
import type { SignedInContext } from '../context.ts';
import { verifyAssertion } from '../passkeys/assert-passkey.ts';
import { bounded } from '../second-factor/attempts.ts';
import { factors } from '../second-factor/factors.ts';
import { spendTotpCode } from '../second-factor/totp.ts';

export type StepUpProof = { password: string } | { code: string } | { passkey: PasskeyAssertion };

/** Renews when the actor's session last proved who its person is; the next request knows, in every process. */
export async function stepUp(ctx: SignedInContext, proof: StepUpProof): Promise<void> {
  const id = requireSession(ctx.actor);
  await prove(ctx, proof);
  await withAnnouncement(ctx, async (tx, tell) => {
    await tx.session.updateMany({ where: { id, endedAt: null }, data: { authenticatedAt: new Date() } });
    tell(`session:${id}`);
    const after = { by: Object.keys(proof)[0] ?? '' };
    const what = { action: 'session.confirmed', targetType: 'session', targetId: id, after };
    await appendAudit(tx, { ...auditOf(ctx), ...what });
  });
}

/** Throws unless the proof is right, and one that this person's step-up takes. */
async function prove(ctx: SignedInContext, proof: StepUpProof): Promise<void> {
  const { userId } = ctx.actor;
  if ('passkey' in proof) {
    const { user } = await verifyAssertion(ctx, `step-up:${userId}`, proof.passkey);
    if (user.id !== userId) throw new DomainError('invalid-passkey');
    return;
  }
  const isRight = 'code' in proof ? codeIsRight(ctx, proof.code) : passwordIsRight(ctx, proof.password);
  const passed = await bounded(ctx, userId, async () => ((await isRight()) ? true : undefined));
  if (!passed) throw new DomainError('code' in proof ? 'invalid-code' : 'invalid-credentials');
}

const codeIsRight = (ctx: SignedInContext, code: string) => () =>
  withTransaction(ctx.database, (tx) => spendTotpCode(ctx, tx, ctx.actor.userId, code));

const passwordIsRight = (ctx: SignedInContext, password: string) => async () => {
  const { stepUpBy } = await factors(ctx);
  if (!stepUpBy.includes('password')) return false;
  const { userId: id } = ctx.actor;
  const { passwordHash } = await ctx.database.prisma.user.findUniqueOrThrow({ where: { id } });
  return verifyPassword(passwordHash, password);
};
