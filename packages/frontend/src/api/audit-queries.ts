import { auditContract, type AuditFilter } from '@smart-ai-hub/shared/contracts';
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { Hub } from './hub.ts';
import { withQuery } from './with-query.ts';

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
export const auditFile = (filter: AuditFilter): string => withQuery(auditContract.exportAudit.path, filter);
