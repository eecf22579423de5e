import type { ClientGrant } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { grantsQuery } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { useClientName } from './client-name.ts';

interface RevokeGrantDialogProps {
  /** What is in question; the dialog is closed while there is nothing. */
  grant: ClientGrant | undefined;
  onClose: () => void;
  onRevoked: (name: string) => void;
}

export function RevokeGrantDialog({ grant, onClose, onRevoked }: RevokeGrantDialogProps) {
  const { t } = useTranslation();
  const hub = useHub();
  const queries = useQueryClient();
  const nameOf = useClientName();
  const name = grant ? nameOf(grant.client) : '';
  const revoke = useMutation({
    mutationFn: async () => {
      if (grant) await hub.oauth.revokeGrant({ params: { grantId: grant.id } });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: grantsQuery(hub).queryKey });
      onRevoked(name);
      onClose();
    },
  });
  const close = () => {
    revoke.reset();
    onClose();
  };
  return (
    <Dialog open={grant !== undefined} onClose={close} title={t('grants.confirm.title')}>
      <div className="grid gap-5">
        <p className="text-ink-soft">{t('grants.confirm.text', { name })}</p>
        {revoke.error && <ErrorNotice error={revoke.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={close}>{t('grants.confirm.keep')}</Button>
          <Button tone="danger" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
            {t('grants.confirm.revoke')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
