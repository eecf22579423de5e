import { promosContract } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import type { PromoFilter as Filter } from '../../api/promo-queries.ts';
import { SearchForm } from '../../forms/search-form.tsx';

const { search, state } = promosContract.listPromoCodes.query.shape;

const fields = z.object({
  search: z.string().trim().pipe(z.literal('').or(search.unwrap())),
  state: z.literal('').or(state.unwrap()),
});

export function PromoFilter({ onFilter }: { onFilter: (filter: Filter) => void }) {
  const { t } = useTranslation();
  return (
    <SearchForm
      schema={fields}
      label={t('promos.search')}
      maxLength={50}
      submit={t('promos.searchSubmit')}
      stateLabel={t('promos.state')}
      states={[
        ['', t('promos.filters.all')],
        ['open', t('promos.filters.open')],
        ['closed', t('promos.filters.closed')],
      ]}
      onFilter={onFilter}
    />
  );
}
