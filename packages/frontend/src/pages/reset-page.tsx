import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../api/app-context.tsx';
import { ResetForm } from '../forms/reset-form.tsx';
import { buttonClass } from '../ui/button.tsx';
import { tokenIn } from './fragment.ts';
import { useFragment } from './use-fragment.ts';
import { VisitorPage } from './visitor-page.tsx';

function PasswordIsSet() {
  const { t } = useTranslation();
  return (
    <VisitorPage title={t('recovery.reset.doneTitle')} text={t('recovery.reset.doneText')}>
      <Link to="/sign-in" className={buttonClass({ tone: 'primary' })}>
        {t('account.signIn.submit')}
      </Link>
    </VisitorPage>
  );
}

function NoLink() {
  const { t } = useTranslation();
  return (
    <VisitorPage title={t('recovery.reset.title')} text={t('recovery.reset.noToken')}>
      <Link to="/forgot" className={buttonClass({ tone: 'primary' })}>
        {t('recovery.reset.again')}
      </Link>
    </VisitorPage>
  );
}

export function ResetPage() {
  const { t } = useTranslation();
  const { hub, tellSignedOut } = useApp();
  const token = useFragment(tokenIn);
  const [set, setSet] = useState(false);
  // Every session has ended, this browser's too.
  const done = () => {
    setSet(true);
    hub.session.end();
    tellSignedOut();
  };
  if (set) return <PasswordIsSet />;
  if (!token) return <NoLink />;
  return (
    <VisitorPage title={t('recovery.reset.title')} text={t('recovery.reset.text')}>
      <ResetForm token={token} onSet={done} />
      <p className="mt-6">
        <Link to="/forgot" className="font-medium text-accent underline underline-offset-4">
          {t('recovery.reset.again')}
        </Link>
      </p>
    </VisitorPage>
  );
}
