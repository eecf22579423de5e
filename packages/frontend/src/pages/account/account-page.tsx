import { useTranslation } from 'react-i18next';
import { useUser } from '../../api/use-user.tsx';
import { Page } from '../../ui/page.tsx';
import { DataSection } from './data-section.tsx';
import { DeleteSection } from './delete-section.tsx';
import { EmailSection } from './email-section.tsx';
import { LanguageSection } from './language-section.tsx';
import { PasswordSection } from './password-section.tsx';

export function AccountPage() {
  const { t } = useTranslation();
  const user = useUser();
  if (!user) return null;
  return (
    <Page title={t('profile.title')} text={t('profile.text')}>
      <EmailSection user={user} />
      <LanguageSection language={user.locale} />
      <PasswordSection />
      <DataSection />
      <DeleteSection />
    </Page>
  );
}
