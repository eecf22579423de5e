import type { Transaction } from '@smart-ai-hub/shared/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetCredits } from '../../api/credit-queries.ts';
import { NoteForm } from '../../forms/note-form.tsx';
import { formatCredits } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Dialog } from '../../ui/dialog.tsx';

interface RefundDialogProps {
  /** The dialog is closed while there is none. */
  charge: Transaction | undefined;
  /** Whose charge it was. */
  name: string;
  onClose: () => void;
  onDone: (said: string) => void;
}

/** Says what goes back to whom, and gives it back once somebody said why. */
export function RefundDialog({ charge, name, onClose, onDone }: RefundDialogProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { credits } = useHub();
  const queries = useQueryClient();
  const refund = async ({ id: transactionId }: Transaction, note: string) => {
    const { amountMicro } = await credits.refund({ params: { transactionId }, body: { note } });
    await forgetCredits(queries);
    onDone(t('accounts.refund.done', { amount: formatCredits(amountMicro, language), name }));
    onClose();
  };
  return (
    <Dialog open={charge !== undefined} onClose={onClose} title={t('accounts.refund.title')}>
      {charge && (
        <NoteForm
          text={t('accounts.refund.text', {
            amount: formatCredits(-charge.amountMicro, language),
            model: charge.model ?? t('overview.reasons.usage'),
            name,
          })}
          hint={t('accounts.form.noteHint')}
          submit={(note) => refund(charge, note)}
          submitLabel={t('accounts.refund.submit')}
          cancelLabel={t('accounts.back')}
          onCancel={onClose}
        />
      )}
    </Dialog>
  );
}
