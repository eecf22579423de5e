import type { Person } from '@smart-ai-hub/shared/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { type PeopleFilter, usersQuery } from '../../api/people-queries.ts';
import { useScopes } from '../../api/use-scopes.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { CreateUserDialog } from './create-user-dialog.tsx';
import { UserDialog } from './user-dialog.tsx';
import { UserFilter } from './user-filter.tsx';
import { UserTable } from './user-table.tsx';

function UserList({ filter, onOpen }: { filter: PeopleFilter; onOpen: (person: Person) => void }) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(usersQuery(useHub(), filter));
  return (
    <Card className="overflow-hidden">
      <Queried query={pages}>
        {(data) => {
          const people = data.pages.flatMap((page) => page.items);
          return people.length > 0 ? (
            <UserTable people={people} onOpen={onOpen} />
          ) : (
            <Empty icon="users" title={t('users.empty')} text={t('users.emptyText')} />
          );
        }}
      </Queried>
      <LoadMore pages={pages} />
    </Card>
  );
}

export function UsersPage() {
  const { t } = useTranslation();
  const scopeOf = useScopes();
  const [filter, setFilter] = useState<PeopleFilter>({ search: '', state: '' });
  const [creating, setCreating] = useState(false);
  const [person, setPerson] = useState<Person>();
  const [said, setSaid] = useState<string>();
  const create = scopeOf('users:create') === 'any' && (
    <Button tone="primary" icon="plus" onClick={() => setCreating(true)}>
      {t('users.create')}
    </Button>
  );
  return (
    <Page title={t('users.title')} text={t('users.text')} action={create}>
      <StatusLine text={said} />
      <UserFilter onChange={setFilter} />
      <UserList filter={filter} onOpen={setPerson} />
      <CreateUserDialog open={creating} onClose={() => setCreating(false)} onDone={setSaid} />
      <UserDialog person={person} onClose={() => setPerson(undefined)} onDone={setSaid} />
    </Page>
  );
}
