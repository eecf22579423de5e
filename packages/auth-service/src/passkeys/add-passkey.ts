import { appendAudit, auditOf, isUniqueViolation, withTransaction } from '@smart-ai-hub/database';
import {
  DomainError,
  type Output,
  type Passkey,
  type PasskeyRegistration,
  type passkeysContract,
} from '@smart-ai-hub/shared/contracts';
import { requireSession } from '@smart-ai-hub/shared/service';
import type { SignedInContext } from '../context.ts';
import { CHALLENGE_TTL, issueChallenge, takeChallenge } from './challenges.ts';
import { passkeyView } from './own-passkeys.ts';
import { webauthn } from './webauthn.ts';

/**
 * What a browser needs to make a passkey that signs in by itself: kept by the authenticator (discoverable), and
 * used only after fingerprint, face or PIN.
 */
export async function passkeyOptions(
  ctx: SignedInContext,
): Promise<Output<typeof passkeysContract.passkeyOptions>> {
  requireSession(ctx.actor);
  const { userId, email } = ctx.actor;
  const known = await ctx.database.prisma.passkey.findMany({ where: { userId } });
  const { generateRegistrationOptions } = await webauthn();
  const { rp, user, challenge, pubKeyCredParams } = await generateRegistrationOptions({
    rpName: ctx.relyingParty.name,
    rpID: ctx.relyingParty.id,
    userName: email,
    userDisplayName: email,
    userID: Uint8Array.from(Buffer.from(userId)),
    challenge: await issueChallenge(ctx, `register:${userId}`),
  });
  return {
    rp: { ...rp, id: ctx.relyingParty.id },
    ...{ user, challenge, pubKeyCredParams },
    timeout: CHALLENGE_TTL * 1000,
    excludeCredentials: known.map(({ id, transports }) => ({ id, type: 'public-key', transports })),
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    },
    attestation: 'none',
  };
}

/** Keeps the passkey that was made for the options before. */
export async function addPasskey(
  ctx: SignedInContext,
  { name, passkey }: { name: string; passkey: PasskeyRegistration },
): Promise<Passkey> {
  requireSession(ctx.actor);
  const { userId } = ctx.actor;
  const { credential, credentialBackedUp } = await verified(ctx, passkey);
  try {
    return await withTransaction(ctx.database, async (tx) => {
      const row = await tx.passkey.create({
        data: {
          ...{ id: credential.id, userId, name, backedUp: credentialBackedUp },
          publicKey: credential.publicKey,
          counter: credential.counter,
          transports: passkey.response.transports,
        },
      });
      await appendAudit(tx, {
        ...auditOf(ctx),
        ...{ action: 'passkey.added', targetType: 'passkey', targetId: row.id, after: { name } },
      });
      return passkeyView(row);
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new DomainError('invalid-passkey', { cause: error });
    throw error;
  }
}

/** WebAuthn Level 3, 7.1; attestation is not asked for. */
async function verified(ctx: SignedInContext, { id, response }: PasskeyRegistration) {
  const { verifyRegistrationResponse } = await webauthn();
  let challenge = '';
  const { registrationInfo } = await verifyRegistrationResponse({
    response: { ...{ id, rawId: id, response }, type: 'public-key', clientExtensionResults: {} },
    expectedChallenge: (given) => {
      challenge = given;
      return true; // taken below: a store that is away is not the passkey's fault
    },
    expectedOrigin: ctx.relyingParty.origin,
    expectedRPID: ctx.relyingParty.id,
    requireUserVerification: true,
  }).catch((cause: unknown) => {
    throw new DomainError('invalid-passkey', { cause });
  });
  const isFresh = registrationInfo && (await takeChallenge(ctx, `register:${ctx.actor.userId}`, challenge));
  if (!isFresh) throw new DomainError('invalid-passkey');
  return registrationInfo;
}
