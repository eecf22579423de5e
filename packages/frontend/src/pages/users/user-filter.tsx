import { PERSON_STATES } from '@smart-ai-hub/shared/contracts';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { PeopleFilter } from '../../api/people-queries.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';

const stateOf = (value: string): PeopleFilter['state'] =>
  PERSON_STATES.find((state) => state === value) ?? '';

/** The search takes effect when it is sent, the state at once. */
export function UserFilter({ onChange }: { onChange: (filter: PeopleFilter) => void }) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const [state, setState] = useState<PeopleFilter['state']>('');
  const apply = (next: PeopleFilter['state']) => {
    setState(next);
    onChange({ search: search.trim(), state: next });
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    apply(state);
  };
  return (
    <form role="search" onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <div className="min-w-0 flex-1 basis-56">
        <TextField
          label={t('users.search')}
          value={search}
          maxLength={254}
          autoComplete="off"
          onChange={({ target }) => setSearch(target.value)}
        />
      </div>
      <div className="basis-48">
        <SelectField
          label={t('users.state')}
          value={state}
          onChange={({ target }) => apply(stateOf(target.value))}
        >
          <option value="">{t('users.states.present')}</option>
          {PERSON_STATES.map((one) => (
            <option key={one} value={one}>
              {t(`users.states.${one}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <Button type="submit" icon="search" className="h-11">
        {t('users.searchSubmit')}
      </Button>
    </form>
  );
}
