import { useTranslation } from 'react-i18next';
import { LedgerPage } from './ledger-page.tsx';

export function CreditsPage() {
  const { t } = useTranslation();
  return <LedgerPage title={t('credits.title')} text={t('credits.text')} />;
}
