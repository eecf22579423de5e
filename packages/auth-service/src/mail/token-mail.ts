import type { Job } from '@smart-ai-hub/database';
import { id } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { LIFETIMES, LINKS, type Purpose } from '../verification/purposes.ts';
import { newCode, newLinkToken } from '../verification/secrets.ts';
import type { MailDeps } from './mail-deps.ts';
import { writeMail } from './write-mail.ts';

/** The job that writes and sends the mail of a verification token. */
export const TOKEN_MAIL = 'token-mail';

const payload = z.object({ tokenId: id });
const purposes = z.enum([
  'verify-email',
  'change-email',
  'reset-password',
  'invitation',
]) satisfies z.ZodType<Purpose>;

/**
 * Makes the code or link when its mail is written, and keeps its hash alone. A repeat after a failure makes another,
 * which replaces the first. A token that is no more, or was used, gets no mail.
 */
export const tokenMailJob = (deps: MailDeps): Job => ({
  run: async (given) => {
    const { tokenId } = payload.parse(given);
    const { prisma } = deps.database;
    const row = await prisma.verificationToken.findUnique({
      where: { id: tokenId },
      include: { user: true },
    });
    if (!row) return;
    const purpose = purposes.parse(row.purpose);
    const isLink = LINKS.includes(purpose);
    const { secret, hash } = isLink ? newLinkToken(row.id) : newCode(row.id);
    const { count } = await prisma.verificationToken.updateMany({
      where: { id: row.id, usedAt: null },
      data: { hash, attempts: 0, expiresAt: new Date(Date.now() + LIFETIMES[purpose] * 1000) },
    });
    if (count === 0) return;
    const { mailer, publicUrl: place } = deps;
    const { locale, email: present } = row.user;
    // told before the code leaves, so that nobody moves an account in silence
    if (purpose === 'change-email') {
      const values = { email: row.email };
      await mailer.send(writeMail({ template: 'email-changing', to: present, locale, place, values }));
    }
    const way = isLink ? { link: `${place}/reset#token=${secret}` } : { code: secret };
    await mailer.send(writeMail({ template: purpose, to: row.email, locale, place, ...way }));
  },
});
