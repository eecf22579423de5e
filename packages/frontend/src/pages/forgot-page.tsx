import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ForgotForm } from '../forms/forgot-form.tsx';
import { VisitorPage } from './visitor-page.tsx';

function BackToSignIn() {
  const { t } = useTranslation();
  return (
    <p className="mt-6">
      <Link to="/sign-in" className="font-medium text-accent underline underline-offset-4">
        {t('recovery.forgot.back')}
      </Link>
    </p>
  );
}

/** Says the same whether or not there is such an account. */
export function ForgotPage() {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  if (asked) {
    return (
      <VisitorPage title={t('recovery.forgot.doneTitle')} text={t('recovery.forgot.doneText')}>
        <BackToSignIn />
      </VisitorPage>
    );
  }
  return (
    <VisitorPage title={t('recovery.forgot.title')} text={t('recovery.forgot.text')}>
      <ForgotForm onAsked={() => setAsked(true)} />
      <BackToSignIn />
    </VisitorPage>
  );
}
