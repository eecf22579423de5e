import type { Person } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { formatDay } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';

/** Only a state that is worth a word. */
export function StateBadge({ state }: { state: Person['state'] }) {
  const { t } = useTranslation();
  if (state === 'active') return null;
  return <Badge className="ml-2">{t(`users.states.${state}`)}</Badge>;
}

function UserRow({ person, onOpen }: { person: Person; onOpen: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const roles = person.roles.join(', ') || t('users.noRoles');
  return (
    <tr>
      <Cell>
        <span className="font-medium break-all">{person.email}</span>
        <StateBadge state={person.state} />
        <span className="block text-sm text-ink-faint md:hidden">{roles}</span>
      </Cell>
      <Cell wideOnly className="text-ink-soft">
        {roles}
      </Cell>
      <Cell wideOnly className="text-ink-soft">
        <time dateTime={person.createdAt} className="whitespace-nowrap">
          {formatDay(person.createdAt, language)}
        </time>
      </Cell>
      <Cell numeric>
        <Button size="small" aria-label={t('users.openNamed', { email: person.email })} onClick={onOpen}>
          {t('users.open')}
        </Button>
      </Cell>
    </tr>
  );
}

interface UserTableProps {
  people: Person[];
  onOpen: (person: Person) => void;
}

export function UserTable({ people, onOpen }: UserTableProps) {
  const { t } = useTranslation();
  return (
    <Table label={t('users.title')}>
      <thead>
        <tr>
          <HeadCell>{t('users.email')}</HeadCell>
          <HeadCell wideOnly>{t('users.roles')}</HeadCell>
          <HeadCell wideOnly>{t('users.created')}</HeadCell>
          <HeadCell numeric>
            <span className="sr-only">{t('users.actions')}</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <UserRow key={person.id} person={person} onOpen={() => onOpen(person)} />
        ))}
      </tbody>
    </Table>
  );
}
