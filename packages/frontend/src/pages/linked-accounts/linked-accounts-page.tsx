import { DomainError } from '@smart-ai-hub/shared/contracts';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { LinkedAccounts } from './linked-accounts.tsx';

export function LinkedAccountsPage() {
  const { t } = useTranslation();
  const { problem } = useSearch({ from: '/member/linked-accounts' });
  return (
    <Page title={t('linkedAccounts.title')} text={t('linkedAccounts.text')}>
      {problem && <ErrorNotice error={new DomainError(problem)} />}
      <LinkedAccounts />
    </Page>
  );
}
