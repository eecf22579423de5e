import type { Job } from '@smart-ai-hub/database';
import type { MailDeps } from './mail-deps.ts';
import { NOTICE_MAIL, noticeMailJob } from './notice-mail.ts';
import { TOKEN_MAIL, tokenMailJob } from './token-mail.ts';

/** Every mail is sent by a job: at least once, and again later where the mail server did not take it. */
export const mailJobs = (deps: MailDeps): Record<string, Job> => ({
  [TOKEN_MAIL]: tokenMailJob(deps),
  [NOTICE_MAIL]: noticeMailJob(deps),
});
