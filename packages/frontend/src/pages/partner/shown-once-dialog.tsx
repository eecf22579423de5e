import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

interface ShownOnceDialogProps {
  /** The dialog is closed while there is none. */
  token: string | undefined;
  onClose: () => void;
}

/** Shows a new partner session, to be copied and handed on. */
export function ShownOnceDialog({ token, onClose }: ShownOnceDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog open={token !== undefined} onClose={onClose} title={t('partner.made.title')} dismissible={false}>
      <div className="grid gap-5">
        <p className="text-ink-soft">{t('partner.made.text')}</p>
        <output
          aria-label={t('partner.made.label')}
          className="block rounded-lg bg-sunken px-4 py-3 font-mono text-sm break-all select-all"
        >
          {token}
        </output>
        <div className="flex justify-end gap-2">
          <Button tone="plain" onClick={onClose}>
            {t('partner.made.done')}
          </Button>
          <CopyButton text={token ?? ''} tone="primary" />
        </div>
      </div>
    </Dialog>
  );
}
