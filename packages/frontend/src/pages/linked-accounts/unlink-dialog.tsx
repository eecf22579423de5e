import type { Identity } from '@smart-ai-hub/shared/contracts';
import { useQueryClient } from '@tanstack/react-query';
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
  const words = {
    title: t('linkedAccounts.confirm.title'),
    text: t('linkedAccounts.confirm.text', { name: identity?.providerName ?? '' }),
    yes: t('linkedAccounts.confirm.unlink'),
    no: t('linkedAccounts.confirm.keep'),
  };
  const unlink = async () => {
    if (identity) await hub.oidc.unlink({ params: { identityId: identity.id } });
    await queries.invalidateQueries({ queryKey: identitiesQuery(hub).queryKey });
  };
  return <ConfirmDialog open={identity !== undefined} onClose={onClose} words={words} act={unlink} />;
}
