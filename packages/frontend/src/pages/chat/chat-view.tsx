import type { Conversation } from '@smart-ai-hub/shared/contracts';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import type { ModelOffer } from '../../api/model-offer.ts';
import type { Asking } from '../../chat/keeper.ts';
import { priceAhead } from '../../chat/price-ahead.ts';
import type { Turn } from '../../chat/turn.ts';
import { formatCount, formatCredits } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { AskingDialog } from './asking-dialog.tsx';
import { Composer } from './composer.tsx';
import { ModelPicker } from './model-picker.tsx';
import { Thread } from './thread.tsx';
import { useConversation } from './use-conversation.tsx';

interface ChatViewProps {
  offers: readonly ModelOffer[];
  /** The one that is chosen at first. */
  offer: ModelOffer;
  /** Nothing for a new one, which may get its id while it is shown. */
  id: string | undefined;
  saved?: Conversation | undefined;
  before: readonly Turn[];
  onBegun: (id: string) => void;
  /** What stands beside the choice of model. */
  children: ReactNode;
}

/** How the next question is asked; a change is kept with the conversation. */
function useAsking({ id, saved, offer }: ChatViewProps) {
  const { conversations } = useHub();
  const [asking, setAsking] = useState<Asking>({
    model: offer.id,
    system: saved?.system ?? '',
    temperature: saved?.temperature ?? null,
    maxTokens: saved?.maxTokens ?? null,
  });
  const saving = useMutation({
    mutationFn: async (change: Partial<Asking>) => {
      if (id !== undefined)
        await conversations.updateConversation({ params: { conversationId: id }, body: change });
    },
  });
  const change = async (next: Partial<Asking>) => {
    await saving.mutateAsync(next);
    setAsking((current) => ({ ...current, ...next }));
  };
  return { asking, change, error: saving.error };
}

/** The price of the next question in words. */
function usePriceWords(offer: ModelOffer, turns: readonly Turn[], asking: Asking) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (question: string) => {
    if (!offer.price) return t('models.unpriced');
    const { inMicro, outMicro, outTokens } = priceAhead(offer.price, turns, { question, ...asking });
    return t('chat.ahead', {
      input: formatCredits(inMicro, language),
      output: formatCredits(outMicro, language),
      tokens: formatCount(outTokens, language),
    });
  };
}

/** One conversation: its thread, and where the next question is written. */
export function ChatView(props: ChatViewProps) {
  const { t } = useTranslation();
  const { conversation, turns, busy } = useConversation(props.offers, props);
  const { asking, change, error } = useAsking(props);
  const [setting, setSetting] = useState(false);
  const offer = props.offers.find(({ id }) => id === asking.model) ?? props.offer;
  const price = usePriceWords(offer, turns, asking);
  const send = (question: string) => void conversation.send(question, asking);
  const again = (question?: string) => void conversation.again(asking, question);
  const save = async (fields: Partial<Asking>) => {
    await change(fields);
    setSetting(false);
  };
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <header className="flex flex-wrap items-center gap-2 px-4 py-3 sm:px-8 lg:px-4">
        <ModelPicker
          offers={props.offers}
          chosen={offer.id}
          // what goes wrong is shown below, by the mutation's own error
          onChoose={(model) => void change({ model }).catch(() => undefined)}
        />
        <Button tone="plain" size="small" onClick={() => setSetting(true)}>
          {t('chat.asking.open')}
        </Button>
        {props.children}
      </header>
      {error && (
        <div className="px-4 pb-3">
          <ErrorNotice error={error} />
        </div>
      )}
      <Thread turns={turns} onIdea={send} onAgain={busy ? undefined : again} />
      <Composer busy={busy} price={price} onSend={send} onStop={conversation.stop} />
      <AskingDialog
        {...{ open: setting, turns, offer, asking, submit: save }}
        onClose={() => setSetting(false)}
      />
    </div>
  );
}
