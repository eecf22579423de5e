import { useEffect, useRef, type UIEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Turn } from '../../chat/turn.ts';
import { BrandMark } from '../../ui/brand.tsx';
import { Button } from '../../ui/button.tsx';
import { TurnView } from './turn-view.tsx';

const IDEAS = ['explain', 'mail', 'translate'] as const;

function Start({ onIdea }: { onIdea: (question: string) => void }) {
  const { t } = useTranslation();
  return (
    <div className="m-auto grid max-w-md justify-items-center gap-2 py-8 text-center">
      <BrandMark className="mb-3 size-11" />
      <h2 className="text-2xl">{t('chat.empty')}</h2>
      <p className="text-ink-soft">{t('chat.emptyText')}</p>
      <ul aria-label={t('chat.ideas.label')} className="mt-5 grid w-full gap-2">
        {IDEAS.map((idea) => (
          <li key={idea}>
            <Button
              className="h-auto min-h-11 w-full py-2 text-sm font-normal whitespace-normal!"
              onClick={() => onIdea(t(`chat.ideas.${idea}`))}
            >
              {t(`chat.ideas.${idea}`)}
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
  const inner = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const last = turns.at(-1)?.id;
  useEffect(() => {
    following.current = true;
    // text is formatted a while after it came, so that it is its size that tells
    const observer = new ResizeObserver(() => {
      const area = ref.current;
      if (area && following.current) area.scrollTop = area.scrollHeight;
    });
    if (inner.current) observer.observe(inner.current);
    return () => observer.disconnect();
  }, [last]);
  const onScroll = ({ currentTarget: area }: UIEvent<HTMLElement>) => {
    following.current = area.scrollHeight - area.scrollTop - area.clientHeight < NEAR_PX;
  };
  return { inner, area: { ref, onScroll } };
}

interface ThreadProps {
  turns: readonly Turn[];
  onIdea: (question: string) => void;
  /** Asks the last question once more; nothing while an answer comes. */
  onAgain: ((question?: string) => void) | undefined;
}

export function Thread({ turns, onIdea, onAgain }: ThreadProps) {
  const { t } = useTranslation();
  const { inner, area } = useFollowEnd(turns);
  const writing = turns.at(-1)?.state === 'waiting' || turns.at(-1)?.state === 'streaming';
  return (
    <div
      {...area}
      role="log"
      // eslint-disable-next-line jsx-a11y-x/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
      tabIndex={0}
      aria-label={t('chat.conversation')}
      aria-busy={writing}
      // relative: what is hidden in it for screen readers scrolls with it, and lengthens no page
      className="relative flex min-h-0 flex-1 flex-col overflow-y-auto px-4 py-4 sm:px-8"
    >
      {turns.length === 0 && <Start onIdea={onIdea} />}
      <div ref={inner} className="mx-auto grid w-full max-w-3xl gap-8">
        {turns.map((turn, at) => (
          <TurnView
            key={turn.id}
            turn={turn}
            isLast={at === turns.length - 1}
            onAgain={at === turns.length - 1 ? onAgain : undefined}
          />
        ))}
      </div>
    </div>
  );
}
