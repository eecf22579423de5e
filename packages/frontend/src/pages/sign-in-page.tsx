import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { SignInForm } from '../forms/sign-in-form.tsx';
import { VisitorPage } from './visitor-page.tsx';

export function SignInPage() {
  const { t } = useTranslation();
  const { session } = useHub();
  const navigate = useNavigate();
  const { next } = useSearch({ from: '/visitor/sign-in' });
  return (
    <VisitorPage title={t('account.signIn.title')} text={t('account.signIn.text')}>
      <SignInForm
        onSession={(made) => {
          session.adopt(made);
          void navigate({ to: next ?? '/', replace: true });
        }}
      />
      <p className="mt-6">
        <Link to="/forgot" className="font-medium text-accent underline underline-offset-4">
          {t('recovery.forgot.link')}
        </Link>
      </p>
      <p className="mt-3 text-ink-soft">
        {t('account.signIn.other')}{' '}
        <Link to="/sign-up" className="font-medium text-accent underline underline-offset-4">
          {t('account.signIn.otherLink')}
        </Link>
      </p>
    </VisitorPage>
  );
}
