import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChangePasswordForm } from '../../forms/change-password-form.tsx';
import { Done } from './done.tsx';
import { Section } from './section.tsx';

export function PasswordSection() {
  const { t } = useTranslation();
  const [changes, setChanges] = useState(0);
  return (
    <Section title={t('profile.password.title')} text={t('profile.password.text')}>
      <Done words={changes > 0 ? t('profile.password.done') : undefined} />
      {/* a new form after each change, so that no password stays on the page */}
      <ChangePasswordForm key={changes} onChanged={() => setChanges(changes + 1)} />
    </Section>
  );
}
