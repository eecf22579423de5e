import type { PartnerSession } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { partnerSessionsQuery } from '../../api/queries.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';

interface EndDialogProps {
  /** The session in question; the dialog is closed while there is none. */
  session: PartnerSession | undefined;
  onClose: () => void;
}

export function EndDialog({ session, onClose }: EndDialogProps) {
  const { t } = useTranslation();
  const hub = useHub();
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: async () => {
      if (session) await hub.partnerSessions.endPartnerSession({ params: { partnerSessionId: session.id } });
      await queries.invalidateQueries({ queryKey: partnerSessionsQuery(hub).queryKey });
    },
    onSuccess: onClose,
  });
  return (
    <ConfirmDialog
      open={session !== undefined}
      onClose={onClose}
      title={t('partner.confirm.title')}
      text={t('partner.confirm.text', { prefix: session?.prefix ?? '' })}
      keep={t('partner.confirm.keep')}
      confirm={t('partner.confirm.end')}
      action={end}
    />
  );
}
