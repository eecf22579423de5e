import { PERSON_STATES } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import type { PeopleFilter } from '../../api/people-queries.ts';
import { SearchForm } from '../../forms/search-form.tsx';

const fields = z.object({ search: z.string().trim(), state: z.literal('').or(z.enum(PERSON_STATES)) });

export function UserFilter({ onChange }: { onChange: (filter: PeopleFilter) => void }) {
  const { t } = useTranslation();
  return (
    <SearchForm
      schema={fields}
      label={t('users.search')}
      maxLength={254}
      submit={t('users.searchSubmit')}
      stateLabel={t('users.state')}
      states={[
        ['', t('users.states.present')],
        ...PERSON_STATES.map((state) => [state, t(`users.states.${state}`)] as const),
      ]}
      onFilter={onChange}
    />
  );
}
