import { Readable } from 'node:stream';
import type { AuditEvent, AuditFilter } from '@smart-ai-hub/shared/contracts';
import type { SignedInContext } from '../context.ts';
import { csvLine } from '../csv.ts';
import { auditEvents } from './list-audit.ts';

const COLUMNS = [
  ...['id', 'at', 'actorId', 'keyId', 'action', 'targetType', 'targetId'],
  ...['before', 'after', 'address', 'userAgent', 'requestId'],
] as const satisfies readonly (keyof AuditEvent)[];

/** The log as CSV, as fast as it is read and no faster. */
export const exportAudit = (ctx: SignedInContext, filter: AuditFilter): Readable =>
  Readable.from(lines(ctx, filter));

async function* lines(ctx: SignedInContext, filter: AuditFilter): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for await (const event of auditEvents(ctx, filter)) yield csvLine(COLUMNS.map((name) => cell(event[name])));
}

const cell = (value: AuditEvent[keyof AuditEvent]) =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
