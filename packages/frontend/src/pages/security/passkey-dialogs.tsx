import type { Passkey } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { makePasskey } from '../../api/passkeys.ts';
import { factorsQuery } from '../../api/queries.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { NamePasskeyForm } from './name-passkey-form.tsx';

/** Runs what changes the passkeys; then shows them as they are, and closes. */
function useChange(onClose: () => void) {
  const hub = useHub();
  const queries = useQueryClient();
  return async (change: Promise<unknown>) => {
    await change;
    await queries.invalidateQueries({ queryKey: factorsQuery(hub).queryKey });
    onClose();
  };
}

interface AddPasskeyDialogProps {
  open: boolean;
  onClose: () => void;
}

export function AddPasskeyDialog({ open, onClose }: AddPasskeyDialogProps) {
  const { t } = useTranslation();
  const { passkeys } = useHub();
  const change = useChange(onClose);
  const add = async (name: string) => {
    const passkey = await makePasskey(await passkeys.passkeyOptions());
    await change(passkeys.addPasskey({ body: { name, passkey } }));
  };
  return (
    <Dialog open={open} onClose={onClose} title={t('security.passkeys.add')}>
      <NamePasskeyForm submitLabel={t('security.passkeys.create')} onSubmit={add} onCancel={onClose} />
    </Dialog>
  );
}

interface PasskeyDialogProps {
  /** The passkey in question; the dialog is closed while there is none. */
  passkey: Passkey | undefined;
  onClose: () => void;
}

export function RenamePasskeyDialog({ passkey, onClose }: PasskeyDialogProps) {
  const { t } = useTranslation();
  const { passkeys } = useHub();
  const change = useChange(onClose);
  const rename = (name: string) =>
    change(passkeys.renamePasskey({ params: { passkeyId: passkey?.id ?? '' }, body: { name } }));
  return (
    <Dialog open={passkey !== undefined} onClose={onClose} title={t('security.passkeys.renameTitle')}>
      <NamePasskeyForm
        name={passkey?.name ?? ''}
        submitLabel={t('security.passkeys.save')}
        onSubmit={rename}
        onCancel={onClose}
      />
    </Dialog>
  );
}

export function RemovePasskeyDialog({ passkey, onClose }: PasskeyDialogProps) {
  const { t } = useTranslation();
  const { passkeys } = useHub();
  const change = useChange(onClose);
  const remove = useMutation({
    mutationFn: () => change(passkeys.removePasskey({ params: { passkeyId: passkey?.id ?? '' } })),
  });
  return (
    <ConfirmDialog
      open={passkey !== undefined}
      onClose={onClose}
      title={t('security.passkeys.removeTitle')}
      text={t('security.passkeys.removeText', { name: passkey?.name ?? '' })}
      keep={t('security.passkeys.keep')}
      confirm={t('security.passkeys.removeConfirm')}
      action={remove}
    />
  );
}
