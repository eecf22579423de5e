import { auditContract, type AuditFilter } from '@smart-ai-hub/shared/contracts';
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { Hub } from './hub.ts';

const EVENTS = 50;

export const auditQuery = (hub: Hub, filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      hub.audit.listAudit(
        { query: { limit: EVENTS, ...filter, ...(pageParam && { cursor: pageParam }) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** The address of the same events as a file. */
export function auditFile(filter: AuditFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, value);
  return `${auditContract.exportAudit.path}?${query}`;
}
