import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';
import { PasskeysCard } from './passkeys-card.tsx';
import { SessionsCard } from './sessions-card.tsx';
import { TotpCard } from './totp-card.tsx';

export function SecurityPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('security.title')} text={t('security.text')}>
      <TotpCard />
      <PasskeysCard />
      <SessionsCard />
    </Page>
  );
}
