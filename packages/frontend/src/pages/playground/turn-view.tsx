import { useTranslation } from 'react-i18next';
import type { Turn } from '../../chat/conversation.ts';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Receipt } from './receipt.tsx';

function Answer({ turn }: { turn: Turn }) {
  const { t } = useTranslation();
  if (turn.answer === '' && turn.state === 'waiting') {
    return <p className="text-ink-faint breathe">{t('playground.waiting')}…</p>;
  }
  if (turn.answer === '' && turn.state === 'complete') {
    return <p className="text-ink-faint">{t('playground.noText')}</p>;
  }
  return (
    <p className="max-w-[68ch] break-words whitespace-pre-wrap">
      {turn.answer}
      {turn.state === 'streaming' && (
        <span
          aria-hidden="true"
          className="ml-0.5 inline-block h-[1.05em] w-2 translate-y-[0.15em] rounded-sm bg-accent breathe"
        />
      )}
    </p>
  );
}

/** A question, its answer as it arrives, and the receipt. */
export function TurnView({ turn }: { turn: Turn }) {
  const { t } = useTranslation();
  return (
    <article className="grid gap-4 appear">
      <div className="ml-auto max-w-[85%] rounded-2xl rounded-br-md bg-accent-soft px-4 py-2.5 break-words whitespace-pre-wrap">
        <span className="sr-only">{t('playground.you')}: </span>
        {turn.question}
      </div>
      <div className="grid gap-3">
        <h2 className="sr-only">{t('playground.answer')}</h2>
        <Answer turn={turn} />
        {turn.state === 'failed' && <ErrorNotice error={turn.error} />}
        <Receipt turn={turn} />
      </div>
    </article>
  );
}
