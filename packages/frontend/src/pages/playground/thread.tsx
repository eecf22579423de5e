import { useEffect, useRef, type UIEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Turn } from '../../chat/conversation.ts';
import { BrandMark } from '../../ui/brand.tsx';
import { Button } from '../../ui/button.tsx';
import { TurnView } from './turn-view.tsx';

const IDEAS = ['explain', 'mail', 'translate'] as const;

function Start({ onIdea }: { onIdea: (question: string) => void }) {
  const { t } = useTranslation();
  return (
    <div className="m-auto grid max-w-md justify-items-center gap-2 py-8 text-center">
      <BrandMark className="mb-3 size-11" />
      <h2 className="text-2xl">{t('playground.empty')}</h2>
      <p className="text-ink-soft">{t('playground.emptyText')}</p>
      <ul aria-label={t('playground.ideas.label')} className="mt-5 grid w-full gap-2">
        {IDEAS.map((idea) => (
          <li key={idea}>
            <Button
              className="h-auto min-h-11 w-full py-2 text-sm font-normal whitespace-normal"
              onClick={() => onIdea(t(`playground.ideas.${idea}`))}
            >
              {t(`playground.ideas.${idea}`)}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** How far from the end somebody may be and still be following the answer. */
const NEAR_PX = 80;

/** Keeps the end in sight, unless the person has scrolled away from it. */
function useFollowEnd(turns: readonly Turn[]) {
  const ref = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const count = useRef(0);
  useEffect(() => {
    if (turns.length > count.current) following.current = true;
    count.current = turns.length;
    const area = ref.current;
    if (area && following.current) area.scrollTop = area.scrollHeight;
  }, [turns]);
  const onScroll = ({ currentTarget: area }: UIEvent<HTMLElement>) => {
    following.current = area.scrollHeight - area.scrollTop - area.clientHeight < NEAR_PX;
  };
  return { ref, onScroll };
}

interface ThreadProps {
  turns: readonly Turn[];
  onIdea: (question: string) => void;
}

export function Thread({ turns, onIdea }: ThreadProps) {
  const { t } = useTranslation();
  const follow = useFollowEnd(turns);
  const writing = turns.at(-1)?.state === 'waiting' || turns.at(-1)?.state === 'streaming';
  return (
    <div
      {...follow}
      role="log"
      // eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
      tabIndex={0}
      aria-label={t('playground.conversation')}
      aria-busy={writing}
      className="flex min-h-0 flex-col gap-8 overflow-y-auto px-4 py-4 sm:px-8"
    >
      {turns.length === 0 && <Start onIdea={onIdea} />}
      {turns.map((turn) => (
        <TurnView key={turn.id} turn={turn} />
      ))}
    </div>
  );
}
