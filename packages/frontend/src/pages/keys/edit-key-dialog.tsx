import { type ApiKey, keySettings } from '@smart-ai-hub/shared/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { keysQuery } from '../../api/queries.ts';
import { changesOf } from '../../forms/changes-of.ts';
import type { KeyFields } from '../../forms/key-fields.ts';
import { KeyForm } from '../../forms/key-form.tsx';
import { Dialog } from '../../ui/dialog.tsx';

interface EditKeyDialogProps {
  /** The key in question; the dialog is closed while there is none. */
  apiKey: ApiKey | undefined;
  onClose: () => void;
  onSaved: (name: string) => void;
}

export function EditKeyDialog({ apiKey, onClose, onSaved }: EditKeyDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const hub = useHub();
  const save = async (key: ApiKey, fields: KeyFields) => {
    const body = changesOf(keySettings.partial(), key, fields);
    if (Object.keys(body).length > 0) await hub.keys.updateKey({ params: { keyId: key.id }, body });
    await queries.invalidateQueries({ queryKey: keysQuery(hub).queryKey });
    onSaved(fields.name);
    onClose();
  };
  return (
    <Dialog open={apiKey !== undefined} onClose={onClose} title={t('keys.edit.title')}>
      {apiKey && (
        <KeyForm
          apiKey={apiKey}
          submit={(fields) => save(apiKey, fields)}
          submitLabel={t('keys.edit.submit')}
          onCancel={onClose}
        />
      )}
    </Dialog>
  );
}
