import type { Job } from '@smart-ai-hub/database';
import { id } from '@smart-ai-hub/shared/contracts';
import { z } from 'zod';
import { goneAt } from '../accounts/grace.ts';
import type { MailDeps } from './mail-deps.ts';
import { writeMail } from './write-mail.ts';

/** The job that tells a person what happened to their account. */
export const NOTICE_MAIL = 'notice-mail';

const payload = z.object({ userId: id, notice: z.enum(['password-changed', 'account-deleted']) });

export const noticeMailJob = ({ database, mailer, publicUrl }: MailDeps): Job => ({
  run: async (given) => {
    const { userId, notice } = payload.parse(given);
    const row = await database.prisma.user.findUnique({ where: { id: userId } });
    if (!row) return;
    const { email: to, locale, deletedAt } = row;
    const values = deletedAt ? { date: goneAt(deletedAt).toISOString().slice(0, 10) } : {};
    await mailer.send(writeMail({ template: notice, to, locale, place: publicUrl, values }));
  },
});
