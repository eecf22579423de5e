import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useHub } from '../../api/app-context.tsx';
import { forgetConversationList } from '../../api/conversation-queries.ts';
import type { Hub } from '../../api/hub.ts';
import { estimateMicro, type ModelOffer } from '../../api/model-offer.ts';
import { CHARGED } from '../../api/queries.ts';
import { findSettledCall } from '../../api/settled-charge.ts';
import { createConversation } from '../../chat/conversation.ts';
import { createKeeper } from '../../chat/keeper.ts';
import { newestOf, type Turn } from '../../chat/turn.ts';

interface Opened {
  /** Nothing for a new one. */
  id: string | undefined;
  before: readonly Turn[];
  onBegun: (id: string) => void;
}

type ToOpen = Pick<Opened, 'id' | 'before'> & { offers: readonly ModelOffer[] };

function open(hub: Hub, queries: QueryClient, { id, before, offers }: ToOpen) {
  // in the background: nothing is said of the list
  const onKept = () => void forgetConversationList(queries);
  const { conversations } = hub;
  const keeper = createKeeper({ conversations, id, newest: newestOf(before), onKept });
  const conversation = createConversation({
    stream: hub.streamCompletion,
    ...{ keeper, before },
    estimate: (model, tokens) => {
      const price = offers.find((offer) => offer.id === model)?.price;
      return price && estimateMicro(price, tokens);
    },
    settled: (requestId) => findSettledCall(hub, requestId),
    onSettled: () => Promise.all(CHARGED.map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
  return { keeper, conversation };
}

/** One conversation as long as it is shown; leaving it stops an answer on its way, and what came is kept. */
export function useConversation(offers: readonly ModelOffer[], { id, before, onBegun }: Opened) {
  const hub = useHub();
  const queries = useQueryClient();
  const [{ keeper, conversation }] = useState(() => open(hub, queries, { id, before, offers }));
  useEffect(() => () => conversation.stop(), [conversation]);
  const turns = useSyncExternalStore(conversation.subscribe, conversation.turns);
  const busy = useSyncExternalStore(conversation.subscribe, conversation.busy);
  const keptAs = useSyncExternalStore(conversation.subscribe, keeper.id);
  useEffect(() => {
    if (keptAs !== undefined && keptAs !== id) onBegun(keptAs);
  }, [keptAs, id, onBegun]);
  return { conversation, turns, busy };
}
