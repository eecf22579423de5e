import type { Webhook, WebhookDelivery } from '@smart-ai-hub/shared/contracts';
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import type { Hub } from './hub.ts';

const PAGE_SIZE = 20;
const LOOK_AGAIN_MS = 3_000;

export const webhooksQuery = (hub: Hub) =>
  queryOptions({
    queryKey: ['webhooks'],
    queryFn: async ({ signal }): Promise<Webhook[]> =>
      (await hub.webhooks.listWebhooks({}, { signal })).items,
  });

/** When to look again: soon while something is on its way, else not. */
export const nextLook = (deliveries: readonly WebhookDelivery[]): number | false =>
  deliveries.some(({ state }) => state === 'waiting') && LOOK_AGAIN_MS;

/** What was sent to a webhook; in every state where none is named. */
export const deliveriesQuery = (hub: Hub, webhookId: string, state: WebhookDelivery['state'] | undefined) =>
  infiniteQueryOptions({
    queryKey: ['webhooks', webhookId, 'deliveries', state],
    queryFn: ({ pageParam, signal }) =>
      hub.webhooks.listDeliveries(
        { params: { webhookId }, query: { ...pageOf(pageParam), state } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: ({ state: { data } }) => nextLook(data?.pages.flatMap((page) => page.items) ?? []),
  });

/** After a webhook changed, or something was sent again. */
export const forgetWebhooks = (queries: QueryClient) => queries.invalidateQueries({ queryKey: ['webhooks'] });

const pageOf = (cursor: string) => ({ limit: PAGE_SIZE, ...(cursor && { cursor }) });
