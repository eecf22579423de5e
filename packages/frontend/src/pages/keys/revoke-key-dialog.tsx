import type { ApiKey } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { keysQuery } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';

interface RevokeKeyDialogProps {
  /** The key in question; the dialog is closed while there is none. */
  apiKey: ApiKey | undefined;
  onClose: () => void;
  onRevoked: (name: string) => void;
}

function useRevoke({ apiKey, onClose, onRevoked }: RevokeKeyDialogProps) {
  const hub = useHub();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      if (apiKey) await hub.keys.revokeKey({ params: { keyId: apiKey.id } });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keysQuery(hub).queryKey });
      onRevoked(apiKey?.name ?? '');
      onClose();
    },
  });
}

export function RevokeKeyDialog(props: RevokeKeyDialogProps) {
  const { t } = useTranslation();
  const revoke = useRevoke(props);
  const close = () => {
    revoke.reset();
    props.onClose();
  };
  return (
    <Dialog open={props.apiKey !== undefined} onClose={close} title={t('keys.confirm.title')}>
      <div className="grid gap-5">
        <p className="text-ink-soft">{t('keys.confirm.text', { name: props.apiKey?.name ?? '' })}</p>
        {revoke.error && <ErrorNotice error={revoke.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={close}>{t('keys.confirm.keep')}</Button>
          <Button tone="danger" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
            {t('keys.confirm.revoke')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
