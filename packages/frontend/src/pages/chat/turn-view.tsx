import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Turn } from '../../chat/turn.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { INPUT_CLASS } from '../../ui/field.tsx';
import { ModelText } from '../../ui/markdown.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Receipt } from './receipt.tsx';

function Answer({ turn }: { turn: Turn }) {
  const { t } = useTranslation();
  const { answer, state } = turn;
  if (answer !== '') return <ModelText text={answer} />;
  if (state === 'waiting') return <p className="text-ink-faint breathe">{t('chat.waiting')}…</p>;
  if (state === 'complete') return <p className="text-ink-faint">{t('chat.noText')}</p>;
  if (state === 'unanswered') return <p className="text-ink-faint">{t('chat.unanswered')}</p>;
  return null;
}

interface QuestionFormProps {
  question: string;
  onSend: (question: string) => void;
  onCancel: () => void;
}

/** The last question, to be asked in other words. */
function QuestionForm({ question, onSend, onCancel }: QuestionFormProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(question);
  return (
    <form
      className="ml-auto grid w-full max-w-[85%] gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') onSend(text.trim());
      }}
    >
      <textarea
        value={text}
        aria-label={t('chat.edit.label')}
        // eslint-disable-next-line jsx-a11y-x/no-autofocus -- whoever asked for the field goes on in it
        autoFocus
        className={`${INPUT_CLASS} field-sizing-content max-h-64 min-h-20 py-2`}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onCancel()}
      />
      <div className="flex justify-end gap-2">
        <Button tone="plain" size="small" onClick={onCancel}>
          {t('chat.edit.cancel')}
        </Button>
        <Button type="submit" tone="primary" size="small">
          {t('chat.edit.send')}
        </Button>
      </div>
    </form>
  );
}

interface TurnViewProps {
  turn: Turn;
  /** Asks once more, in other words where some are given; only for the last one, and not while an answer comes. */
  onAgain?: ((question?: string) => void) | undefined;
}

function TurnActions({ turn, onAgain, onEdit }: TurnViewProps & { onEdit: () => void }) {
  const { t } = useTranslation();
  const done = turn.state !== 'waiting' && turn.state !== 'streaming';
  if (!done) return null;
  return (
    <div className="-ml-3 flex flex-wrap gap-1">
      {turn.answer !== '' && (
        <CopyButton text={turn.answer} name={t('chat.copyAnswer')} tone="plain" size="small" />
      )}
      {onAgain && (
        <>
          <Button tone="plain" size="small" onClick={() => onAgain()}>
            {t('chat.again')}
          </Button>
          <Button tone="plain" size="small" onClick={onEdit}>
            {t('chat.edit.open')}
          </Button>
        </>
      )}
    </div>
  );
}

/** A question, its answer as it arrives, and the receipt. What does not change is not drawn anew. */
export const TurnView = memo(function TurnView({
  turn,
  isLast,
  onAgain,
}: TurnViewProps & { isLast: boolean }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const send = (question: string) => {
    setEditing(false);
    onAgain?.(question);
  };
  return (
    <article className={`grid gap-4 ${isLast ? 'appear' : 'turn-before'}`}>
      {editing && onAgain ? (
        <QuestionForm question={turn.question} onSend={send} onCancel={() => setEditing(false)} />
      ) : (
        <div className="ml-auto max-w-[85%] rounded-2xl rounded-br-md bg-accent-soft px-4 py-2.5 break-words whitespace-pre-wrap">
          <span className="sr-only">{t('chat.you')}: </span>
          {turn.question}
        </div>
      )}
      <div className="grid min-w-0 gap-3">
        <h2 className="sr-only">{t('chat.answer')}</h2>
        <Answer turn={turn} />
        {turn.state === 'failed' && <ErrorNotice error={turn.error} onRetry={onAgain && (() => onAgain())} />}
        {turn.unkept !== undefined && <ErrorNotice error={turn.unkept} />}
        <Receipt turn={turn} />
        <TurnActions turn={turn} onAgain={onAgain} onEdit={() => setEditing(true)} />
      </div>
    </article>
  );
});
