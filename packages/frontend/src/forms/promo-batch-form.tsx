import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { FormButtons } from './form-buttons.tsx';
import { type PromoBatch, promoBatchFields } from './promo-fields.ts';
import { CreditsField, PromoTerms } from './promo-terms.tsx';
import { useForm } from './use-form.tsx';

interface PromoBatchFormProps {
  onMade: (codes: string[], batch: PromoBatch) => Promise<void>;
  onCancel: () => void;
}

export function PromoBatchForm({ onMade, onCancel }: PromoBatchFormProps) {
  const { t } = useTranslation();
  const { promos } = useHub();
  const form = useForm({
    schema: promoBatchFields,
    submit: async (body) => onMade((await promos.createPromoBatch({ body })).codes, body),
  });
  return (
    <form {...form.bind} className="grid gap-5">
      <p className="text-ink-soft">{t('promos.many.text')}</p>
      {form.error && <ErrorNotice error={form.error} />}
      <TextField
        {...form.field('count')}
        label={t('promos.many.count')}
        hint={t('promos.many.countHint')}
        inputMode="numeric"
        autoComplete="off"
      />
      <TextField
        {...form.field('prefix')}
        label={t('promos.many.prefix')}
        hint={t('promos.many.prefixHint')}
        maxLength={20}
        autoComplete="off"
        spellCheck={false}
      />
      <CreditsField field={form.field} />
      <PromoTerms field={form.field} maxUses={{ label: t('promos.many.maxUses'), value: 1 }} />
      <FormButtons
        submit={t('promos.many.submit')}
        sending={form.sending}
        cancel={t('promos.form.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}
