import { type Account, ACCOUNT_STATES } from '@smart-ai-hub/shared/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { accountsQuery } from '../../api/credit-queries.ts';
import { reachesOthers, useMay, useScopes } from '../../api/use-scopes.ts';
import { Empty } from '../../ui/empty.tsx';
import { SelectField } from '../../ui/field.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { NotFoundPage } from '../problem-pages.tsx';
import { AccountDialog } from './account-dialog.tsx';
import { AccountTable } from './account-table.tsx';
import { BulkAdjust } from './bulk-adjust.tsx';
import { ProofCard } from './proof-card.tsx';

type Status = Account['status'] | undefined;

function StatusFilter({ onChange }: { onChange: (status: Status) => void }) {
  const { t } = useTranslation();
  return (
    <div className="max-w-56">
      <SelectField
        label={t('accounts.status')}
        onChange={({ target }) => onChange(ACCOUNT_STATES.find((state) => state === target.value))}
      >
        <option value="">{t('accounts.all')}</option>
        {ACCOUNT_STATES.map((state) => (
          <option key={state} value={state}>
            {t(`accounts.states.${state}`)}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

function AccountList({ status, onOpen }: { status: Status; onOpen: (account: Account) => void }) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(accountsQuery(useHub(), status));
  return (
    <Card className="overflow-hidden">
      <Queried query={pages}>
        {(data) => {
          const accounts = data.pages.flatMap((page) => page.items);
          return accounts.length > 0 ? (
            <AccountTable accounts={accounts} onOpen={onOpen} />
          ) : (
            <Empty icon="accounts" title={t('accounts.empty')} text={t('accounts.emptyText')} />
          );
        }}
      </Queried>
      <LoadMore pages={pages} />
    </Card>
  );
}

function Accounts() {
  const { t } = useTranslation();
  const mayAdjust = reachesOthers(useScopes()('credits:adjust'));
  const mayProve = useMay('settings:read');
  const [status, setStatus] = useState<Status>();
  const [account, setAccount] = useState<Account>();
  const [said, setSaid] = useState<string>();
  return (
    <Page title={t('accounts.title')} text={t('accounts.text')} action={mayAdjust && <BulkAdjust />}>
      <StatusLine text={said} />
      <StatusFilter onChange={setStatus} />
      <AccountList status={status} onOpen={setAccount} />
      {mayProve && <ProofCard />}
      <AccountDialog account={account} onClose={() => setAccount(undefined)} onDone={setSaid} />
    </Page>
  );
}

export const AccountsPage = () =>
  reachesOthers(useScopes()('credits:read')) ? <Accounts /> : <NotFoundPage />;
