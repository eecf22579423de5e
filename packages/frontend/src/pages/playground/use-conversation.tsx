import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useHub } from '../../api/app-context.tsx';
import { estimateMicro, type ModelOffer } from '../../api/model-offer.ts';
import { CHARGED } from '../../api/queries.ts';
import { findSettledCall } from '../../api/settled-charge.ts';
import { createConversation } from '../../chat/conversation.ts';

/** One conversation as long as the page is shown; leaving the page stops an answer on its way. */
export function useConversation(offers: readonly ModelOffer[]) {
  const hub = useHub();
  const queries = useQueryClient();
  const [conversation] = useState(() =>
    createConversation({
      stream: hub.streamCompletion,
      estimate: (model, tokens) => {
        const price = offers.find(({ id }) => id === model)?.price;
        return price && estimateMicro(price, tokens);
      },
      settled: (requestId) => findSettledCall(hub, requestId),
      onSettled: () => CHARGED.forEach((queryKey) => void queries.invalidateQueries({ queryKey })),
    }),
  );
  useEffect(() => () => conversation.stop(), [conversation]);
  const turns = useSyncExternalStore(conversation.subscribe, conversation.turns);
  const last = turns.at(-1)?.state;
  return { conversation, turns, busy: last === 'waiting' || last === 'streaming' };
}
