import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { DomainError } from '@smart-ai-hub/shared/contracts';
import { useHub } from '../api/app-context.tsx';
import { SignInForm } from '../forms/sign-in-form.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { ProviderLinks } from './provider-links.tsx';
import { VisitorPage } from './visitor-page.tsx';

export function SignInPage() {
  const { t } = useTranslation();
  const { session } = useHub();
  const navigate = useNavigate();
  const { next, problem } = useSearch({ from: '/visitor/sign-in' });
  return (
    <VisitorPage title={t('account.signIn.title')} text={t('account.signIn.text')}>
      {problem && (
        <div className="mb-5">
          <ErrorNotice error={new DomainError(problem)} />
        </div>
      )}
      <SignInForm
        onSession={(made) => {
          session.adopt(made);
          void navigate({ to: next ?? '/', replace: true });
        }}
      />
      <ProviderLinks next={next} />
      <p className="mt-6 text-ink-soft">
        {t('account.signIn.other')}{' '}
        <Link to="/sign-up" className="font-medium text-accent underline underline-offset-4">
          {t('account.signIn.otherLink')}
        </Link>
      </p>
    </VisitorPage>
  );
}
