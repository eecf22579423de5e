import type { DatedPrice } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { FormButtons } from './form-buttons.tsx';
import { PER_NAMES, priceFields } from './price-fields.ts';
import { useForm } from './use-form.tsx';

type Field = ReturnType<typeof useForm>['field'];

/** What tokens cost, for as many of them as is said; and a piece of what is not counted in tokens. */
function Amounts({ field }: { field: Field }) {
  const { t } = useTranslation();
  return (
    <>
      <SelectField {...field('per')} label={t('prices.form.per')}>
        {PER_NAMES.map((name) => (
          <option key={name} value={name}>
            {t(`prices.form.pers.${name}`)}
          </option>
        ))}
      </SelectField>
      <div className="grid items-start gap-5 sm:grid-cols-2">
        {(['input', 'output'] as const).map((name) => (
          <TextField
            key={name}
            {...field(name)}
            label={t(`prices.form.${name}`)}
            inputMode="decimal"
            autoComplete="off"
          />
        ))}
      </div>
      <TextField
        {...field('unit')}
        label={t('prices.form.unit')}
        hint={t('prices.form.free')}
        inputMode="decimal"
        autoComplete="off"
      />
    </>
  );
}

interface PriceFormProps {
  onSet: (price: DatedPrice) => Promise<void>;
  onCancel: () => void;
}

export function PriceForm({ onSet, onCancel }: PriceFormProps) {
  const { t } = useTranslation();
  const { prices } = useHub();
  const form = useForm({
    schema: priceFields,
    submit: async (body) => onSet(await prices.setPrice({ body })),
  });
  return (
    <form {...form.bind} className="grid gap-5 pt-1">
      {form.error && <ErrorNotice error={form.error} instead={{ 'price-in-force': t('prices.form.past') }} />}
      <TextField
        {...form.field('model')}
        label={t('prices.model')}
        hint={t('prices.form.modelHint')}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
      />
      <Amounts field={form.field} />
      <TextField
        {...form.field('effectiveAt')}
        type="datetime-local"
        label={t('prices.form.from')}
        hint={t('prices.form.fromHint')}
      />
      <FormButtons
        submit={t('prices.form.submit')}
        sending={form.sending}
        cancel={t('prices.form.cancel')}
        onCancel={onCancel}
      />
    </form>
  );
}
