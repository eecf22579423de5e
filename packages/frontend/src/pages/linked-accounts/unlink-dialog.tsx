import type { Identity } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { identitiesQuery } from '../../api/queries.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';

interface UnlinkDialogProps {
  /** The account in question; the dialog is closed while there is none. */
  identity: Identity | undefined;
  onClose: () => void;
}

export function UnlinkDialog({ identity, onClose }: UnlinkDialogProps) {
  const { t } = useTranslation();
  const hub = useHub();
  const queries = useQueryClient();
  const unlink = useMutation({
    mutationFn: async () => {
      if (identity) await hub.oidc.unlink({ params: { identityId: identity.id } });
      await queries.invalidateQueries({ queryKey: identitiesQuery(hub).queryKey });
    },
    onSuccess: onClose,
  });
  return (
    <ConfirmDialog
      open={identity !== undefined}
      onClose={onClose}
      title={t('linkedAccounts.confirm.title')}
      text={t('linkedAccounts.confirm.text', { name: identity?.providerName ?? '' })}
      keep={t('linkedAccounts.confirm.keep')}
      confirm={t('linkedAccounts.confirm.unlink')}
      action={unlink}
    />
  );
}
