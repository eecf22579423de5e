import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';
import { BalanceCard } from './balance-card.tsx';
import { ConnectCard } from './connect-card.tsx';
import { Ledger } from './ledger.tsx';

export function OverviewPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('overview.title')}>
      <div className="grid gap-5 lg:grid-cols-2">
        <BalanceCard />
        <ConnectCard />
      </div>
      <Ledger />
    </Page>
  );
}
