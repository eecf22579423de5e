import type { auditContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { sendCsv } from '../csv.ts';
import { exportAudit } from './export-audit.ts';
import { listAudit } from './list-audit.ts';
import { verifyAudit } from './verify-audit.ts';

export const auditHandlers: Handlers<typeof auditContract, CoreDeps> = {
  listAudit: (ctx, { query }) => listAudit(ctx, query),
  exportAudit: (ctx, { query }) => sendCsv(ctx, 'audit.csv', exportAudit(ctx, query)),
  verifyAudit: (ctx) => verifyAudit(ctx),
};
