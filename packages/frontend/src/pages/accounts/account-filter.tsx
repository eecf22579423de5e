import { type Account, ACCOUNT_STATES } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { reachesOthers, useScopes } from '../../api/use-scopes.ts';
import { SearchForm } from '../../forms/search-form.tsx';
import { SelectField } from '../../ui/field.tsx';

export interface AccountFilterValue {
  search: string;
  /** All where it is empty. */
  state: Account['status'] | '';
}

const fields = z.object({ search: z.string().trim(), state: z.literal('').or(z.enum(ACCOUNT_STATES)) });

interface AccountFilterProps {
  onFilter: (filter: AccountFilterValue) => void;
}

/** Narrows the accounts; by address for whoever may know addresses. */
export function AccountFilter({ onFilter }: AccountFilterProps) {
  const { t } = useTranslation();
  const mayKnow = reachesOthers(useScopes()('users:read'));
  const states = [
    ['', t('accounts.all')] as const,
    ...ACCOUNT_STATES.map((state) => [state, t(`accounts.states.${state}`)] as const),
  ];
  if (mayKnow)
    return (
      <SearchForm
        schema={fields}
        label={t('accounts.search')}
        maxLength={254}
        submit={t('accounts.searchSubmit')}
        stateLabel={t('accounts.status')}
        states={states}
        onFilter={onFilter}
      />
    );
  const choose = (chosen: string) =>
    onFilter({ search: '', state: ACCOUNT_STATES.find((state) => state === chosen) ?? '' });
  return (
    <div className="max-w-56">
      <SelectField label={t('accounts.status')} onChange={({ target }) => choose(target.value)}>
        {states.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
    </div>
  );
}
