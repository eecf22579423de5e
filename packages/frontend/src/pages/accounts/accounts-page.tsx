import type { Account } from '@smart-ai-hub/shared/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { accountsQuery, foundAccountsQuery } from '../../api/credit-queries.ts';
import { reachesOthers, useMay, useScopes } from '../../api/use-scopes.ts';
import { formatCount } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Empty } from '../../ui/empty.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { NotFoundPage } from '../problem-pages.tsx';
import { AccountDialog } from './account-dialog.tsx';
import { AccountFilter, type AccountFilterValue } from './account-filter.tsx';
import { AccountTable } from './account-table.tsx';
import { BulkAdjust } from './bulk-adjust.tsx';
import { ProofCard } from './proof-card.tsx';

interface ListProps {
  filter: AccountFilterValue;
  onOpen: (account: Account) => void;
}

interface RowsProps extends Pick<ListProps, 'onOpen'> {
  accounts: Account[];
  emptyText: string;
}

function AccountRows({ accounts, emptyText, onOpen }: RowsProps) {
  const { t } = useTranslation();
  if (accounts.length > 0) return <AccountTable accounts={accounts} onOpen={onOpen} />;
  return <Empty icon="accounts" title={t('accounts.empty')} text={emptyText} />;
}

function AccountList({ filter: { state }, onOpen }: ListProps) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(accountsQuery(useHub(), state || undefined));
  return (
    <Card className="overflow-hidden">
      <Queried query={pages}>
        {(data) => (
          <AccountRows
            accounts={data.pages.flatMap((page) => page.items)}
            emptyText={t('accounts.emptyText')}
            onOpen={onOpen}
          />
        )}
      </Queried>
      <LoadMore pages={pages} />
    </Card>
  );
}

/** The accounts of people whose address begins as asked. */
function FoundAccountList({ filter: { search, state }, onOpen }: ListProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const found = useQuery(foundAccountsQuery(useHub(), search, state || undefined));
  return (
    <Card className="overflow-hidden">
      <Queried query={found}>
        {({ accounts, firstPeople }) => (
          <>
            {firstPeople !== undefined && (
              <p className="p-5 pb-2 text-ink-soft">
                {t('accounts.firstPeople', { people: formatCount(firstPeople, language) })}
              </p>
            )}
            <AccountRows accounts={accounts} emptyText={t('accounts.notFoundText')} onOpen={onOpen} />
          </>
        )}
      </Queried>
    </Card>
  );
}

function Accounts() {
  const { t } = useTranslation();
  const mayAdjust = reachesOthers(useScopes()('credits:adjust'));
  const mayProve = useMay('settings:read');
  const [filter, setFilter] = useState<AccountFilterValue>({ search: '', state: '' });
  const [account, setAccount] = useState<Account>();
  const [said, setSaid] = useState<string>();
  const List = filter.search === '' ? AccountList : FoundAccountList;
  return (
    <Page title={t('accounts.title')} text={t('accounts.text')} action={mayAdjust && <BulkAdjust />}>
      <StatusLine text={said} />
      <AccountFilter onFilter={setFilter} />
      <List filter={filter} onOpen={setAccount} />
      {mayProve && <ProofCard />}
      <AccountDialog account={account} onClose={() => setAccount(undefined)} onDone={setSaid} />
    </Page>
  );
}

export const AccountsPage = () =>
  reachesOthers(useScopes()('credits:read')) ? <Accounts /> : <NotFoundPage />;
