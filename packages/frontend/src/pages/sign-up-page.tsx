import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { SignUpForm } from '../forms/sign-up-form.tsx';
import { VisitorPage } from './visitor-page.tsx';

export function SignUpPage() {
  const { t } = useTranslation();
  const { session } = useHub();
  const navigate = useNavigate();
  return (
    <VisitorPage title={t('account.signUp.title')} text={t('account.signUp.text')}>
      <SignUpForm
        onSession={(made) => {
          session.adopt(made);
          void navigate({ to: made.user.mustVerify ? '/verify' : '/', replace: true });
        }}
      />
      <p className="mt-6 text-ink-soft">
        {t('account.signUp.other')}{' '}
        <Link to="/sign-in" className="font-medium text-accent underline underline-offset-4">
          {t('account.signUp.otherLink')}
        </Link>
      </p>
    </VisitorPage>
  );
}
