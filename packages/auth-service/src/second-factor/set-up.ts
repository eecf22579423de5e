import { appendAudit, auditOf, withTransaction } from '@smart-ai-hub/database';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { bounded } from './attempts.ts';
import { replaceRecoveryCodes } from './recovery-codes.ts';
import { newTotpSecret, sealTotpSecret, totpStep, totpUri } from './totp.ts';

/** A new secret, in place of one that was never confirmed. */
export async function startTotp(ctx: SignedInContext): Promise<{ secret: string; uri: string }> {
  requireSession(ctx.actor);
  const { userId, email } = ctx.actor;
  const secret = newTotpSecret();
  const kept = await ctx.database.prisma.$executeRaw`
    INSERT INTO auth.totp_secrets (user_id, sealed)
    VALUES (${userId}::uuid, ${sealTotpSecret(ctx, secret, userId)})
    ON CONFLICT (user_id) DO UPDATE SET sealed = EXCLUDED.sealed, last_step = 0, created_at = now()
    WHERE totp_secrets.confirmed_at IS NULL`;
  if (kept === 0) throw new DomainError('already-set-up');
  return { secret, uri: totpUri(secret, email) };
}

/** Turns the second factor on, once a first code shows that the person has the secret. */
export async function confirmTotp(
  ctx: SignedInContext,
  { code }: { code: string },
): Promise<{ recoveryCodes: string[] }> {
  requireSession(ctx.actor);
  const { userId } = ctx.actor;
  const recoveryCodes = await bounded(ctx, userId, () => turnOn(ctx, userId, code));
  if (!recoveryCodes) throw new DomainError('invalid-code');
  return { recoveryCodes };
}

async function turnOn(ctx: SignedInContext, userId: string, code: string): Promise<string[] | undefined> {
  return withTransaction(ctx.database, async (tx) => {
    const row = await tx.totpSecret.findUnique({ where: { userId } });
    if (row?.confirmedAt) throw new DomainError('already-set-up');
    const step = row ? totpStep(ctx, row, code) : undefined;
    if (!row || step === undefined) return undefined;
    const { count } = await tx.totpSecret.updateMany({
      where: { userId, sealed: row.sealed, confirmedAt: null },
      data: { confirmedAt: new Date(), lastStep: step },
    });
    if (count === 0) return undefined;
    const codes = await replaceRecoveryCodes(tx, userId);
    await appendAudit(tx, { ...auditOf(ctx), action: 'totp.enabled', targetType: 'user', targetId: userId });
    return codes;
  });
}

/** Turns the second factor off. */
export async function endTotp(ctx: SignedInContext): Promise<void> {
  requireSession(ctx.actor);
  const { userId } = ctx.actor;
  await withTransaction(ctx.database, async (tx) => {
    const { count } = await tx.totpSecret.deleteMany({ where: { userId, confirmedAt: { not: null } } });
    if (count === 0) throw new DomainError('not-found');
    await tx.recoveryCode.deleteMany({ where: { userId } });
    await appendAudit(tx, { ...auditOf(ctx), action: 'totp.disabled', targetType: 'user', targetId: userId });
  });
}

/** Ten new recovery codes; those before stop working. */
export async function renewRecoveryCodes(ctx: SignedInContext): Promise<{ recoveryCodes: string[] }> {
  requireSession(ctx.actor);
  const { userId } = ctx.actor;
  return withTransaction(ctx.database, async (tx) => {
    const on = await tx.totpSecret.count({ where: { userId, confirmedAt: { not: null } } });
    if (on === 0) throw new DomainError('not-found');
    const recoveryCodes = await replaceRecoveryCodes(tx, userId);
    const action = 'recovery-codes.renewed';
    await appendAudit(tx, { ...auditOf(ctx), action, targetType: 'user', targetId: userId });
    return { recoveryCodes };
  });
}
