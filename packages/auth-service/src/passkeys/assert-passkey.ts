import {
  DomainError,
  type Output,
  type PasskeyAssertion,
  type passkeysContract,
} from '@smart-ai-hub/shared/contracts';
import type { AuthDeps } from '../context.ts';
import { CHALLENGE_TTL, issueChallenge, type Purpose, takeChallenge } from './challenges.ts';
import { webauthn } from './webauthn.ts';

/** What a browser needs to show a passkey; of this person, or of anybody where nobody is known yet. */
export async function assertionOptions(
  ctx: AuthDeps,
  purpose: Purpose,
  userId?: string,
): Promise<Output<typeof passkeysContract.passkeySignInOptions>> {
  const own = userId === undefined ? [] : await ctx.database.prisma.passkey.findMany({ where: { userId } });
  const { generateAuthenticationOptions } = await webauthn();
  const { challenge } = await generateAuthenticationOptions({
    rpID: ctx.relyingParty.id,
    challenge: await issueChallenge(ctx, purpose),
  });
  return {
    ...{ challenge, rpId: ctx.relyingParty.id, timeout: CHALLENGE_TTL * 1000 },
    allowCredentials: own.map(({ id, transports }) => ({ id, type: 'public-key', transports })),
    userVerification: 'required',
  };
}

/**
 * Whose passkey this is (WebAuthn Level 3, 7.2): signed for us, just now, for this purpose, by fingerprint, face or
 * PIN, and with a counter that went on. Throws `invalid-passkey`.
 */
export async function verifyAssertion(ctx: AuthDeps, purpose: Purpose, given: PasskeyAssertion) {
  const row = await ctx.database.prisma.passkey.findUnique({
    where: { id: given.id },
    include: { user: true },
  });
  if (!row) throw new DomainError('invalid-passkey');
  const { userHandle } = given.response;
  const isTheirs = userHandle === Buffer.from(row.userId).toString('base64url');
  if (!isTheirs && (userHandle !== undefined || purpose === 'sign-in'))
    throw new DomainError('invalid-passkey');
  const { challenge, counter, backedUp } = await checkSignature(ctx, row, given);
  if (!(await takeChallenge(ctx, purpose, challenge))) throw new DomainError('invalid-passkey');
  await noteUse(ctx, row.id, counter, backedUp);
  return row;
}

interface KnownPasskey {
  id: string;
  publicKey: Uint8Array<ArrayBuffer>;
  counter: bigint;
}

async function checkSignature(
  { relyingParty }: AuthDeps,
  { id, publicKey, counter }: KnownPasskey,
  { response: { clientDataJSON, authenticatorData, signature } }: PasskeyAssertion,
) {
  const { verifyAuthenticationResponse } = await webauthn();
  let challenge = '';
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: {
      ...{ id, rawId: id, type: 'public-key', clientExtensionResults: {} },
      response: { clientDataJSON, authenticatorData, signature },
    },
    expectedChallenge: (given) => {
      challenge = given;
      return true; // taken by the caller: a store that is away is not the passkey's fault
    },
    expectedOrigin: relyingParty.origin,
    expectedRPID: relyingParty.id,
    credential: { id, publicKey, counter: Number(counter) },
    requireUserVerification: true,
  }).catch((cause: unknown) => {
    throw new DomainError('invalid-passkey', { cause });
  });
  if (!verified) throw new DomainError('invalid-passkey');
  const { newCounter, credentialBackedUp } = authenticationInfo;
  return { challenge, counter: newCounter, backedUp: credentialBackedUp };
}

/** A counter only goes on, also of two that come at once; those that do not count stay at 0. */
async function noteUse({ database: { prisma } }: AuthDeps, id: string, counter: number, backedUp: boolean) {
  const { count } = await prisma.passkey.updateMany({
    where: { id, counter: counter === 0 ? 0 : { lt: counter } },
    data: { counter, backedUp, lastUsedAt: new Date() },
  });
  if (count === 0) throw new DomainError('invalid-passkey');
}
