import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import type { ModelOffer } from '../../api/model-offer.ts';
import { offersQuery } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Queried } from '../../ui/queried.tsx';
import { Composer } from './composer.tsx';
import { ModelPicker } from './model-picker.tsx';
import { Summary } from './summary.tsx';
import { Thread } from './thread.tsx';
import { useConversation } from './use-conversation.tsx';

function Chat({ offers, offer }: { offers: readonly ModelOffer[]; offer: ModelOffer }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { conversation, turns, busy } = useConversation(offers);
  const send = (question: string) => void conversation.send(offer.id, question);
  return (
    <div className="mx-auto flex h-[calc(100dvh-3.625rem)] w-full max-w-6xl flex-col md:h-dvh">
      <header className="flex items-center gap-x-3 sm:gap-x-4 px-4 pt-3 pb-3 sm:px-8 md:pt-6">
        <h1 className="text-xl max-sm:sr-only">{t('playground.title')}</h1>
        <ModelPicker
          offers={offers}
          chosen={offer.id}
          onChoose={(model) => void navigate({ to: '/playground', search: { model }, replace: true })}
        />
        <Button
          tone="plain"
          size="small"
          className="ml-auto"
          disabled={turns.length === 0}
          onClick={conversation.clear}
        >
          {t('playground.clear')}
        </Button>
      </header>
      <div className="grid min-h-0 flex-1 grid-rows-[minmax(0,1fr)_auto] lg:grid-cols-[minmax(0,1fr)_17rem]">
        <Thread turns={turns} onIdea={send} />
        <Summary turns={turns} offer={offer} />
        <Composer busy={busy} onSend={send} onStop={conversation.stop} />
      </div>
    </div>
  );
}

export function PlaygroundPage() {
  const { t } = useTranslation();
  const offers = useQuery(offersQuery(useHub()));
  const { model } = useSearch({ from: '/member/playground' });
  return (
    <>
      <title>{t('shell.titled', { page: t('playground.title') })}</title>
      <Queried query={offers}>
        {(data) => {
          const offer = data.find(({ id }) => id === model) ?? data[0];
          if (offer) return <Chat offers={data} offer={offer} />;
          return <Empty icon="models" title={t('playground.noModels')} text={t('models.emptyText')} />;
        }}
      </Queried>
    </>
  );
}
