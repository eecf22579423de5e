import type { Database } from '@smart-ai-hub/database';
import type { Mailer } from './open-mailer.ts';

/** What the jobs that send mail stand on. */
export interface MailDeps {
  database: Database;
  mailer: Mailer;
  /** Where links lead. */
  publicUrl: string;
}
