import { z } from 'zod';
import { id, page, pageQuery, storableTime, timestamp } from './fields.ts';
import { defineContract } from './route.ts';

/** What changed, by name; never a secret. */
const facts = z.record(z.string(), z.unknown()).nullable();

export const auditEvent = z.object({
  /** Whole numbers without a gap, in the order of the commits. */
  id: z.string(),
  at: timestamp,
  /** Nobody for what the system did, and for strangers. */
  actorId: id.nullable(),
  keyId: id.nullable(),
  action: z.string(),
  targetType: z.string(),
  targetId: z.string(),
  before: facts,
  after: facts,
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  requestId: z.string().nullable(),
});
export type AuditEvent = z.output<typeof auditEvent>;

const auditFilter = z.strictObject({
  actorId: id.optional(),
  /** `noun.verb`, as it stands in the log. */
  action: z
    .string()
    .regex(/^[a-z][a-z-]*\.[a-z][a-z-]*$/)
    .max(80)
    .optional(),
  targetId: z
    .string()
    .min(1)
    .max(300)
    .refine((text) => !text.includes('\0'), 'has a zero byte')
    .optional(),
  /** Since then, and before then. */
  from: storableTime.optional(),
  to: storableTime.optional(),
});
export type AuditFilter = z.output<typeof auditFilter>;

const auditProof = z.object({
  checkedAt: timestamp,
  /** How many events there are. */
  events: z.int(),
  /** The first event that is not as it was written, or that is missing; null where the chain holds. */
  firstBreach: z.string().nullable(),
});
export type AuditProof = z.output<typeof auditProof>;

export const auditContract = defineContract({
  listAudit: {
    method: 'GET',
    path: '/api/v1/admin/audit',
    summary: 'What was changed by whom, newest first',
    access: 'audit:read',
    query: z.strictObject({ ...pageQuery.shape, ...auditFilter.shape }),
    success: { status: 200, schema: page(auditEvent) },
    problems: [],
  },
  exportAudit: {
    method: 'GET',
    path: '/api/v1/admin/audit/export',
    summary:
      'The same as CSV (RFC 4180), all of it; cells that a spreadsheet would compute begin with an apostrophe',
    access: 'audit:read',
    query: auditFilter,
    success: { status: 200, schema: z.string(), type: 'text/csv' },
    problems: [],
  },
  verifyAudit: {
    method: 'GET',
    path: '/api/v1/admin/audit/verify',
    summary: 'Does every event stand as it was written',
    access: 'audit:read',
    success: { status: 200, schema: auditProof },
    problems: [],
  },
});
