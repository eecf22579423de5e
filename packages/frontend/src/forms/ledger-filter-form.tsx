import { TRANSACTION_REASONS } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import type { LedgerFilter } from '../api/credit-queries.ts';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { ledgerFilterFields } from './credit-fields.ts';
import { useFilterForm } from './use-form.tsx';

/** Narrows what is shown; its days are those of the statement too. */
export function LedgerFilterForm({ onFilter }: { onFilter: (filter: LedgerFilter) => void }) {
  const { t } = useTranslation();
  const form = useFilterForm({ schema: ledgerFilterFields, onFilter });
  return (
    <form
      {...form.bind}
      aria-label={t('credits.filter.label')}
      className="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-[1fr_auto_auto_auto]"
    >
      <SelectField {...form.field('reason')} label={t('credits.filter.reason')}>
        <option value="">{t('credits.filter.all')}</option>
        {TRANSACTION_REASONS.map((reason) => (
          <option key={reason} value={reason}>
            {t(`overview.reasons.${reason}`)}
          </option>
        ))}
      </SelectField>
      {(['from', 'to'] as const).map((name) => (
        <TextField key={name} {...form.field(name)} type="date" label={t(`credits.filter.${name}`)} />
      ))}
      {/* as far down as the fields beside it, which have a label above */}
      <Button type="submit" className="h-11 sm:mt-6.5">
        {t('credits.filter.apply')}
      </Button>
    </form>
  );
}
