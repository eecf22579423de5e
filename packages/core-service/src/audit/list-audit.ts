import type { AuditEvent, AuditFilter } from '@smart-ai-hub/shared/contracts';
import type { CoreDeps, SignedInContext } from '../context.ts';
import { decodeCursor, type Page, pageOf } from '@smart-ai-hub/shared/service';

const CURSOR = /^\d{1,18}$/;

/** What happened, newest first, by keyset over the number of the event. */
export async function listAudit(
  { database: { prisma } }: SignedInContext,
  { limit, cursor, ...filter }: AuditFilter & { limit: number; cursor?: string | undefined },
): Promise<Page<AuditEvent>> {
  const before = cursor === undefined ? undefined : BigInt(decodeCursor(cursor, CURSOR));
  const rows = await prisma.auditEvent.findMany(select(filter, limit + 1, before));
  return pageOf(rows, limit, ({ id }) => String(id), view);
}

/** Events that one question of an export asks for. */
const BATCH = 500;

/** All of it, a batch in memory at a time. */
export async function* auditEvents(
  { database: { prisma } }: CoreDeps,
  filter: AuditFilter,
): AsyncGenerator<AuditEvent> {
  let before: bigint | undefined;
  for (;;) {
    const rows = await prisma.auditEvent.findMany(select(filter, BATCH, before));
    for (const row of rows) yield view(row);
    before = rows.at(-1)?.id;
    if (rows.length < BATCH) return;
  }
}

/** Only what is asked for stands in the statement, so that each filter finds its index. */
const select = (
  { actorId, action, targetId, from, to }: AuditFilter,
  take: number,
  before: bigint | undefined,
) => ({
  where: {
    ...(actorId !== undefined && { actorId }),
    ...(action !== undefined && { action }),
    ...(targetId !== undefined && { targetId }),
    ...(before !== undefined && { id: { lt: before } }),
    at: { ...(from !== undefined && { gte: from }), ...(to !== undefined && { lt: to }) },
  },
  orderBy: { id: 'desc' as const },
  take,
});

interface Row {
  id: bigint;
  at: Date;
  actorId: string | null;
  keyId: string | null;
  action: string;
  targetType: string;
  targetId: string;
  before: unknown;
  after: unknown;
  address: string | null;
  userAgent: string | null;
  requestId: string | null;
}

const view = ({ id, at, before, after, ...row }: Row): AuditEvent => ({
  ...row,
  id: String(id),
  at: at.toISOString(),
  before: facts(before),
  after: facts(after),
});

const facts = (value: unknown): AuditEvent['before'] =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : null;
