import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';

/** The one time that a key is shown. */
export function MadeKey({ secret, onDone }: { secret: string; onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-5">
      <p className="text-ink-soft">{t('keys.made.text')}</p>
      <output
        aria-label={t('keys.made.label')}
        className="block rounded-lg bg-sunken px-4 py-3 font-mono text-sm break-all select-all"
      >
        {secret}
      </output>
      <div className="flex justify-end gap-2">
        <Button tone="plain" onClick={onDone}>
          {t('keys.made.done')}
        </Button>
        <CopyButton text={secret} tone="primary" />
      </div>
    </div>
  );
}
