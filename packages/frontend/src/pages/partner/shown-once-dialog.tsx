import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/dialog.tsx';
import { ShownOnce } from '../../ui/shown-once.tsx';

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
      <ShownOnce
        texts={[t('partner.made.text')]}
        label={t('partner.made.label')}
        secret={token ?? ''}
        done={t('partner.made.done')}
        onDone={onClose}
      />
    </Dialog>
  );
}
