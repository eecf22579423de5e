import type { Transaction } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { adjustFields } from './credit-fields.ts';
import { FormButtons } from './form-buttons.tsx';
import { NoteField } from './note-form.tsx';
import { useForm } from './use-form.tsx';

interface AdjustFormProps {
  userId: string;
  /** Sent again with the same one, nothing is booked twice. */
  adjustmentId: string;
  onBooked: (line: Transaction) => Promise<void>;
  onCancel: () => void;
}

export function AdjustForm({ userId, adjustmentId, onBooked, onCancel }: AdjustFormProps) {
  const { t } = useTranslation();
  const { credits } = useHub();
  const form = useForm({
    schema: adjustFields,
    submit: async (fields) => onBooked(await credits.adjust({ body: { adjustmentId, userId, ...fields } })),
  });
  return (
    <form {...form.bind} className="grid gap-5 pt-1">
      {form.error && (
        <ErrorNotice error={form.error} instead={{ 'insufficient-credits': t('accounts.form.tooLittle') }} />
      )}
      <TextField
        {...form.field('amountMicro')}
        label={t('accounts.form.amount')}
        hint={t('accounts.form.amountHint')}
        autoComplete="off"
      />
      <NoteField field={form.field} hint={t('accounts.form.noteHint')} />
      <FormButtons
        submit={t('accounts.form.submit')}
        sending={form.sending}
        cancel={t('accounts.back')}
        onCancel={onCancel}
      />
    </form>
  );
}
