import { type KeptProvider, providersContract } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetProviders } from '../../api/provider-queries.ts';
import { changesOf } from '../../forms/changes-of.ts';
import type { ProviderFields } from '../../forms/provider-fields.ts';
import { ProviderForm } from '../../forms/provider-form.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Dialog } from '../../ui/dialog.tsx';

interface DialogProps {
  open: boolean;
  onClose: () => void;
  onDone: (said: string) => void;
}

export function CreateProviderDialog({ open, onClose, onDone }: DialogProps) {
  const { t } = useTranslation();
  const { providers } = useHub();
  const queries = useQueryClient();
  const create = async ({ unchecked, apiKeys = [], ...settings }: ProviderFields) => {
    await providers.createProvider({ body: { ...settings, apiKeys, check: !unchecked } });
    await forgetProviders(queries);
    onDone(t('providers.done.create', { name: settings.name }));
    onClose();
  };
  return (
    <Dialog open={open} onClose={onClose} title={t('providers.form.title')} dismissible={false}>
      <ProviderForm submit={create} submitLabel={t('providers.form.submit')} onCancel={onClose} />
    </Dialog>
  );
}

const changeable = providersContract.updateProvider.body.omit({ check: true });

interface OfProviderProps {
  /** The provider in question; the dialog is closed while there is none. */
  provider: KeptProvider | undefined;
  onClose: () => void;
  onDone: (said: string) => void;
}

export function ChangeProviderDialog({ provider, onClose, onDone }: OfProviderProps) {
  const { t } = useTranslation();
  const { providers } = useHub();
  const queries = useQueryClient();
  const save = async (before: KeptProvider, { unchecked, ...settings }: ProviderFields) => {
    const changes = changesOf(changeable, before, settings);
    const body = { ...changes, check: !unchecked };
    if (Object.keys(changes).length > 0)
      await providers.updateProvider({ params: { providerId: before.id }, body });
    await forgetProviders(queries);
    onDone(t('providers.done.change', { name: settings.name }));
    onClose();
  };
  return (
    <Dialog
      open={provider !== undefined}
      onClose={onClose}
      title={t('providers.form.changeTitle')}
      dismissible={false}
    >
      {provider && (
        <ProviderForm
          provider={provider}
          submit={(fields) => save(provider, fields)}
          submitLabel={t('providers.form.save')}
          onCancel={onClose}
        />
      )}
    </Dialog>
  );
}

/** Asks before a provider is forgotten. */
export function DeleteProviderDialog({ provider, onClose, onDone }: OfProviderProps) {
  const { t } = useTranslation();
  const { providers } = useHub();
  const queries = useQueryClient();
  const name = provider?.name ?? '';
  const remove = useMutation({
    mutationFn: async () => {
      if (provider) await providers.deleteProvider({ params: { providerId: provider.id } });
    },
    onSuccess: async () => {
      await forgetProviders(queries);
      onDone(t('providers.done.delete', { name }));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      open={provider !== undefined}
      onClose={onClose}
      title={t('providers.remove.title')}
      text={t('providers.remove.text', { name })}
      keep={t('providers.remove.keep')}
      confirm={t('providers.remove.confirm')}
      action={remove}
    />
  );
}
