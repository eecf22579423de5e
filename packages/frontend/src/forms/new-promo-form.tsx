import type { PromoCode } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { FormButtons } from './form-buttons.tsx';
import { newPromoFields } from './promo-fields.ts';
import { CreditsField, PromoTerms } from './promo-terms.tsx';
import { useForm } from './use-form.tsx';

interface NewPromoFormProps {
  onMade: (promo: PromoCode) => Promise<void>;
  onCancel: () => void;
}

export function NewPromoForm({ onMade, onCancel }: NewPromoFormProps) {
  const { t } = useTranslation();
  const { promos } = useHub();
  const form = useForm({
    schema: newPromoFields,
    submit: async (body) => onMade(await promos.createPromoCode({ body })),
  });
  return (
    <form {...form.bind} className="grid gap-5 pt-3">
      {form.error && <ErrorNotice error={form.error} />}
      <TextField
        {...form.field('code')}
        label={t('promos.form.code')}
        hint={t('promos.form.codeHint')}
        maxLength={50}
        autoComplete="off"
        spellCheck={false}
      />
      <CreditsField field={form.field} />
      <PromoTerms field={form.field} maxUses={{ label: t('promos.form.maxUses') }} />
      <FormButtons
        submit={t('promos.form.submit')}
        sending={form.sending}
        cancel={t('promos.form.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}
