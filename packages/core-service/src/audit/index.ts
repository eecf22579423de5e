import type { auditContract } from '@smart-ai-hub/shared/contracts';
import type { Handlers } from '@smart-ai-hub/shared/service';
import type { CoreDeps } from '../context.ts';
import { exportAudit } from './export-audit.ts';
import { listAudit } from './list-audit.ts';
import { verifyAudit } from './verify-audit.ts';

export const auditHandlers: Handlers<typeof auditContract, CoreDeps> = {
  listAudit: (ctx, { query }) => listAudit(ctx, query),
  exportAudit: async (ctx, { query }) => {
    const { reply } = ctx.http;
    void reply.header('content-disposition', 'attachment; filename="audit.csv"');
    await reply.type('text/csv; charset=utf-8').send(exportAudit(ctx, query));
    return reply;
  },
  verifyAudit: (ctx) => verifyAudit(ctx),
};
