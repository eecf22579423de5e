import { type PromoCode, promosContract } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { changesOf } from './changes-of.ts';
import { FormButtons } from './form-buttons.tsx';
import { promoChangeFields } from './promo-fields.ts';
import { PromoTerms } from './promo-terms.tsx';
import { useForm } from './use-form.tsx';

interface PromoChangeFormProps {
  promo: PromoCode;
  onChanged: () => Promise<void>;
  onCancel: () => void;
}

/** What a code gives stays: people were told. */
export function PromoChangeForm({ promo, onChanged, onCancel }: PromoChangeFormProps) {
  const { t } = useTranslation();
  const { promos } = useHub();
  const form = useForm({
    schema: promoChangeFields,
    submit: async (fields) => {
      const body = changesOf(promosContract.updatePromoCode.body, promo, fields);
      await promos.updatePromoCode({ params: { promoId: promo.id }, body });
      await onChanged();
    },
  });
  return (
    <form {...form.bind} className="grid gap-5 pt-3">
      {form.error && (
        <ErrorNotice error={form.error} instead={{ 'promo-used-up': t('promos.form.belowUses') }} />
      )}
      <PromoTerms
        field={form.field}
        maxUses={{ label: t('promos.form.maxUses'), value: promo.maxUses }}
        promo={promo}
      />
      <FormButtons
        submit={t('promos.form.save')}
        sending={form.sending}
        cancel={t('promos.form.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}
