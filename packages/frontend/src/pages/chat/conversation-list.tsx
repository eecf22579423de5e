import type { Conversation } from '@smart-ai-hub/shared/contracts';
import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { DropdownMenu } from 'radix-ui';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { CONVERSATIONS_FILE, conversationsQuery } from '../../api/conversation-queries.ts';
import { Button } from '../../ui/button.tsx';
import { INPUT_CLASS } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Queried } from '../../ui/queried.tsx';

export type ConversationAction = 'rename' | 'delete';
const ACTIONS = ['rename', 'delete'] as const;

const ITEM_CLASS = 'cursor-pointer rounded-md px-2.5 py-2 outline-none data-highlighted:bg-sunken';

function RowMenu({ title, onAction }: { title: string; onAction: (action: ConversationAction) => void }) {
  const { t } = useTranslation();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        aria-label={t('chat.list.actions', { title })}
        className="inline-flex size-9 shrink-0 items-center justify-center rounded-lg text-ink-faint hover:bg-sunken hover:text-ink"
      >
        <Icon name="more" className="size-4.5" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Content
        align="end"
        collisionPadding={12}
        className="z-20 min-w-36 rounded-xl border border-line bg-surface p-1.5 shadow-lift appear"
      >
        {ACTIONS.map((action) => (
          <DropdownMenu.Item key={action} className={ITEM_CLASS} onSelect={() => onAction(action)}>
            {t(`chat.list.${action}`)}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

interface RowProps {
  conversation: Conversation;
  current: boolean;
  onChosen: (() => void) | undefined;
  onAction: (action: ConversationAction) => void;
}

function Row({ conversation: { id, title }, current, onChosen, onAction }: RowProps) {
  return (
    <li
      className={`flex items-center rounded-lg transition-colors ${current ? 'bg-accent-soft text-accent-strong' : 'hover:bg-sunken'}`}
    >
      <Link
        to="/chat"
        search={{ id }}
        onClick={onChosen}
        aria-current={current ? 'page' : undefined}
        className="min-w-0 flex-1 truncate rounded-lg px-2.5 py-2 text-sm"
      >
        {title}
      </Link>
      <RowMenu title={title} onAction={onAction} />
    </li>
  );
}

interface ConversationListProps {
  currentId: string | undefined;
  onNew: () => void;
  onChosen?: () => void;
  onAction: (action: ConversationAction, conversation: Conversation) => void;
}

/** What is kept of a person's conversations, found by title. */
export function ConversationList({ currentId, onNew, onChosen, onAction }: ConversationListProps) {
  const { t } = useTranslation();
  const hub = useHub();
  const [search, setSearch] = useState('');
  const words = useDeferredValue(search.trim());
  const pages = useInfiniteQuery({ ...conversationsQuery(hub, words), placeholderData: keepPreviousData });
  const download = useMutation({ mutationFn: () => hub.download(CONVERSATIONS_FILE, 'conversations.csv') });
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3">
      <Button icon="plus" onClick={onNew}>
        {t('chat.list.new')}
      </Button>
      <input
        type="search"
        value={search}
        maxLength={200}
        aria-label={t('chat.list.search')}
        placeholder={t('chat.list.search')}
        className={`${INPUT_CLASS} h-9 shrink-0 text-sm`}
        onChange={(event) => setSearch(event.target.value)}
      />
      <nav aria-label={t('chat.list.label')} className="-m-1 min-h-0 flex-1 overflow-y-auto p-1">
        <Queried query={pages}>
          {(data) => {
            const items = data.pages.flatMap((page) => page.items);
            if (items.length === 0) {
              return (
                <p className="p-2.5 text-sm text-ink-faint">
                  {t(words ? 'chat.list.noMatch' : 'chat.list.empty')}
                </p>
              );
            }
            return (
              <ul className="grid grid-cols-[minmax(0,1fr)] gap-0.5">
                {items.map((conversation) => (
                  <Row
                    key={conversation.id}
                    conversation={conversation}
                    current={conversation.id === currentId}
                    onChosen={onChosen}
                    onAction={(action) => onAction(action, conversation)}
                  />
                ))}
              </ul>
            );
          }}
        </Queried>
        <LoadMore pages={pages} />
      </nav>
      {download.error && <ErrorNotice error={download.error} />}
      <Button tone="plain" size="small" disabled={download.isPending} onClick={() => download.mutate()}>
        {t('chat.list.download')}
      </Button>
    </div>
  );
}
