import type { Conversation } from '@smart-ai-hub/shared/contracts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { conversationQuery } from '../../api/conversation-queries.ts';
import type { ModelOffer } from '../../api/model-offer.ts';
import { offersQuery } from '../../api/queries.ts';
import { turnsOf } from '../../chat/turn.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Queried } from '../../ui/queried.tsx';
import { ChatView } from './chat-view.tsx';
import { DeleteDialog, RenameDialog } from './conversation-dialogs.tsx';
import { type ConversationAction, ConversationList } from './conversation-list.tsx';

interface ChatProps {
  offers: readonly ModelOffer[];
  first: ModelOffer;
}

/** A conversation that was begun here, and whether the address has its id by now. */
interface Place {
  fresh: number;
  begun?: string;
  arrived?: boolean;
}

/** Which conversation is shown. One that gets its id while it is shown stays where it is, until another is opened. */
function useShown() {
  const navigate = useNavigate();
  const { id, model } = useSearch({ from: '/member/chat' });
  const [place, setPlace] = useState<Place>({ fresh: 0 });
  const isBegun = id !== undefined && id === place.begun;
  if (isBegun && !place.arrived) setPlace({ ...place, arrived: true });
  if (place.arrived && !isBegun) setPlace({ fresh: place.fresh + 1 });
  const isNew = id === undefined || isBegun;
  return {
    ...{ id, model, isNew, key: isNew ? `new ${place.fresh}` : id },
    begin: (begun: string) => {
      if (begun === place.begun) return;
      setPlace({ ...place, begun });
      void navigate({ to: '/chat', search: { id: begun }, replace: true });
    },
    startOver: () => {
      if (id === undefined) setPlace({ fresh: place.fresh + 1 });
      else void navigate({ to: '/chat', search: {} });
    },
  };
}

function SavedChat({ id, offers, first, children }: ChatProps & { id: string; children: ReactNode }) {
  const query = useQuery(conversationQuery(useHub(), id));
  return (
    <Queried query={query}>
      {({ conversation, messages }) => (
        <ChatView
          {...{ offers, id, saved: conversation, before: turnsOf(messages), onBegun: () => undefined }}
          offer={offers.find((offer) => offer.id === conversation.model) ?? first}
        >
          {children}
        </ChatView>
      )}
    </Queried>
  );
}

function Chat({ offers, first }: ChatProps) {
  const { t } = useTranslation();
  const { id, model, isNew, key, begin, startOver } = useShown();
  const [listed, setListed] = useState(false);
  const [asked, setAsked] = useState<{ action: ConversationAction; conversation: Conversation }>();
  const askedFor = (action: ConversationAction) =>
    asked?.action === action ? asked.conversation : undefined;
  const close = () => setAsked(undefined);
  const openList = (
    <Button tone="plain" size="small" className="lg:hidden" onClick={() => setListed(true)}>
      {t('chat.list.open')}
    </Button>
  );
  const startNew = () => {
    setListed(false);
    startOver();
  };
  const list = (
    <ConversationList
      currentId={id}
      onNew={startNew}
      onChosen={() => setListed(false)}
      onAction={(action, conversation) => {
        setListed(false);
        setAsked({ action, conversation });
      }}
    />
  );
  return (
    // over what the lines above leave of the screen: the thread scrolls, the page does not
    <div className="absolute inset-0 flex">
      <h1 className="sr-only">{t('chat.title')}</h1>
      <div className="hidden w-64 shrink-0 flex-col border-r border-line p-3 lg:flex">{list}</div>
      <Dialog open={listed} onClose={() => setListed(false)} title={t('chat.list.label')} place="edge">
        <div className="flex h-full flex-col">{list}</div>
      </Dialog>
      <RenameDialog conversation={askedFor('rename')} onClose={close} />
      <DeleteDialog
        conversation={askedFor('delete')}
        onClose={close}
        onDeleted={(gone) => gone === id && startNew()}
      />
      {isNew || id === undefined ? (
        <ChatView
          key={key}
          {...{ offers, id, before: NOTHING, onBegun: begin }}
          offer={offers.find((offer) => offer.id === model) ?? first}
        >
          {openList}
        </ChatView>
      ) : (
        <div key={key} className="flex min-w-0 flex-1 flex-col">
          <SavedChat {...{ offers, first, id }}>{openList}</SavedChat>
        </div>
      )}
    </div>
  );
}

const NOTHING: readonly never[] = [];

export function ChatPage() {
  const { t } = useTranslation();
  const offers = useQuery(offersQuery(useHub()));
  return (
    <>
      <title>{t('shell.titled', { page: t('chat.title') })}</title>
      <Queried query={offers}>
        {(data) => {
          if (data[0]) return <Chat offers={data} first={data[0]} />;
          return <Empty icon="models" title={t('chat.noModels')} text={t('models.emptyText')} />;
        }}
      </Queried>
    </>
  );
}
