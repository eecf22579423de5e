import { generateSync } from 'otplib';
import { z } from 'zod';
import { PASSWORD, type startAuth } from '../auth.fixture.ts';

export type Auth = Awaited<ReturnType<typeof startAuth>>;

/** What an authenticator application shows, this many steps from now. */
export const codeOf = (secret: string, steps = 0): string =>
  generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + steps * 30 });

/** A code that is right in no step that counts now. */
export function wrongCode(secret: string): string {
  const near = [-2, -1, 0, 1, 2].map((steps) => codeOf(secret, steps));
  return (
    ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code)) ?? ''
  );
}

/** A new person with the second factor on; `codes` are the two next that work. */
export async function protectedPerson(auth: Auth) {
  const person = await auth.person();
  const token = person.accessToken;
  const started = await auth.ask('POST', '/api/v1/auth/totp', { token });
  const secret = z.string().parse(started.body['secret']);
  const confirmed = await auth.post('/api/v1/auth/totp/confirm', { code: codeOf(secret) }, { token });
  const recoveryCodes = z.array(z.string()).parse(confirmed.body['recoveryCodes']);
  await forgetSteps(auth, person.user.id);
  return { ...person, secret, recoveryCodes };
}

/** As if time had passed: codes of now count again. */
export async function forgetSteps(auth: Auth, userId: string): Promise<void> {
  await auth.database.prisma.totpSecret.updateMany({ where: { userId }, data: { lastStep: 0 } });
}

/** As if the last proof of who they are was an hour ago. */
export async function letProofAge(auth: Auth, userId: string): Promise<void> {
  const authenticatedAt = new Date(Date.now() - 3_600_000);
  await auth.database.prisma.session.updateMany({ where: { userId }, data: { authenticatedAt } });
}

/** The first factor; answers the challenge. */
export async function passwordOf(auth: Auth, email: string, address = '203.0.113.1'): Promise<string> {
  const body = { email, password: PASSWORD, delivery: 'body' };
  const answer = await auth.post('/api/v1/auth/login', body, { address });
  return z.object({ secondFactor: z.object({ challenge: z.string() }) }).parse(answer.body).secondFactor
    .challenge;
}
