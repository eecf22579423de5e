import { conversationsContract } from '@smart-ai-hub/shared/contracts';
import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';
import type { Hub } from './hub.ts';

const PAGE_SIZE = 40;

/** Conversations whose title holds these words, the last changed first. */
export const conversationsQuery = (hub: Hub, search: string) =>
  infiniteQueryOptions({
    queryKey: ['conversations', 'list', search],
    queryFn: ({ pageParam: cursor, signal }) =>
      hub.conversations.listConversations(
        { query: { limit: PAGE_SIZE, ...(search && { search }), ...(cursor && { cursor }) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

/** Read anew whenever it is opened: another tab may have written into it. */
export const conversationQuery = (hub: Hub, conversationId: string) =>
  queryOptions({
    queryKey: ['conversations', 'one', conversationId],
    queryFn: ({ signal }) => hub.conversations.getConversation({ params: { conversationId } }, { signal }),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

/** After something was written, renamed or deleted. */
export const forgetConversationList = (queries: QueryClient) =>
  queries.invalidateQueries({ queryKey: ['conversations', 'list'] });

export const CONVERSATIONS_FILE = conversationsContract.exportConversations.path;
