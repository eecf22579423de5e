import { useDeferredValue, useId, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';

interface ComposerProps {
  busy: boolean;
  /** What a question costs, and the answer to it. */
  price: (question: string) => string;
  onSend: (question: string) => void;
  onStop: () => void;
}

/** Enter sends; not while an input method (as for Thai or Japanese) is still composing. */
function isSend(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing;
}

export function Composer({ busy, price, onSend, onStop }: ComposerProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const hint = useId();
  const send = () => {
    if (busy || text.trim() === '') return;
    onSend(text.trim());
    setText('');
  };
  return (
    <form
      className="mx-auto w-full max-w-3xl px-4 pb-4 sm:px-8 lg:px-4"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="flex items-end gap-2 rounded-2xl border border-line-strong bg-surface p-2 focus-within:border-accent">
        <textarea
          value={text}
          rows={1}
          aria-label={t('chat.message')}
          aria-describedby={hint}
          placeholder={t('chat.placeholder')}
          className="field-sizing-content max-h-48 min-h-10 flex-1 resize-none bg-transparent px-2.5 py-2 outline-none placeholder:text-ink-faint"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (!isSend(event)) return;
            event.preventDefault();
            send();
          }}
        />
        {busy ? (
          <Button icon="stop" onClick={onStop}>
            {t('chat.stop')}
          </Button>
        ) : (
          <Button type="submit" tone="primary" icon="send" aria-disabled={text.trim() === ''}>
            {t('chat.send')}
          </Button>
        )}
      </div>
      <p id={hint} className="mt-2 flex flex-wrap justify-center gap-x-4 text-center text-sm text-ink-faint">
        <span className="figures">{price(useDeferredValue(text))}</span>
        <span className="hidden sm:inline">{t('chat.keysHint')}</span>
      </p>
    </form>
  );
}
