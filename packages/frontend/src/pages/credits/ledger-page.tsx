import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { type LedgerFilter, statementFile } from '../../api/credit-queries.ts';
import { LedgerFilterForm } from '../../forms/ledger-filter-form.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { LedgerList } from './ledger-list.tsx';
import type { LineAction } from './ledger-table.tsx';

interface LedgerPageProps {
  title: string;
  text: string;
  /** Whose ledger; one's own where nobody is named. */
  userId?: string;
  action?: LineAction | undefined;
  /** What stands above the ledger. */
  children?: ReactNode;
}

/** A ledger, by reason and days, and the statement of those days as a file. */
export function LedgerPage({ title, text, userId, action, children }: LedgerPageProps) {
  const { t } = useTranslation();
  const { download } = useHub();
  const [filter, setFilter] = useState<LedgerFilter>({});
  const save = useMutation({ mutationFn: () => download(statementFile(userId, filter), 'statement.csv') });
  const statement = (
    <Button disabled={save.isPending} onClick={() => save.mutate()}>
      {save.isPending ? t('forms.working') : t('credits.statement')}
    </Button>
  );
  return (
    <Page title={title} text={text} action={statement}>
      {children}
      {save.error && <ErrorNotice error={save.error} />}
      <LedgerFilterForm onFilter={setFilter} />
      <LedgerList
        userId={userId}
        filter={filter}
        action={action}
        empty={<Empty icon="credits" title={t('credits.none')} text={t('credits.noneText')} />}
      />
    </Page>
  );
}
