import { DomainError, type Session } from '@smart-ai-hub/shared/contracts';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { PasskeySignIn } from '../forms/passkey-sign-in.tsx';
import { SecondFactorForm } from '../forms/second-factor-form.tsx';
import { SignInForm } from '../forms/sign-in-form.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { questionIn } from './fragment.ts';
import { ProviderLinks } from './provider-links.tsx';
import { useFragment } from './use-fragment.ts';
import { VisitorPage } from './visitor-page.tsx';

/** Takes up the session, and goes on to where the person wanted to be. */
function useEnter() {
  const { session } = useHub();
  const navigate = useNavigate();
  const { next } = useSearch({ from: '/visitor/sign-in' });
  return (made: Session) => {
    session.adopt(made);
    void navigate({ to: next ?? '/', replace: true });
  };
}

export function SignInPage() {
  const { t } = useTranslation();
  const { next, problem } = useSearch({ from: '/visitor/sign-in' });
  const enter = useEnter();
  const [needed, setNeeded] = useState(useFragment(questionIn));
  if (needed) {
    return (
      <VisitorPage title={t('security.second.title')}>
        <SecondFactorForm needed={needed} onSession={enter} onRestart={() => setNeeded(undefined)} />
      </VisitorPage>
    );
  }
  return (
    <VisitorPage title={t('account.signIn.title')} text={t('account.signIn.text')}>
      {problem && (
        <div className="mb-5">
          <ErrorNotice error={new DomainError(problem)} />
        </div>
      )}
      <SignInForm onSession={enter} onSecondFactor={setNeeded} />
      <PasskeySignIn onSession={enter} />
      <ProviderLinks next={next} />
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
