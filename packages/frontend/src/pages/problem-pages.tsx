import { isProblemCode, PROBLEMS } from '@smart-ai-hub/shared/contracts';
import { Link, useParams, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Brand } from '../ui/brand.tsx';
import { buttonClass } from '../ui/button.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('shell.notFound.title')} text={t('shell.notFound.text')}>
      <p>
        <Link to="/" className={buttonClass({ tone: 'primary' })}>
          {t('shell.notFound.home')}
        </Link>
      </p>
    </Page>
  );
}

export function FailedPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Page title={t('shell.failed')}>
      <ErrorNotice error={error} onRetry={retry} />
    </Page>
  );
}

/** Where no frame stands around a page: the bare landmarks, and the way home. */
export function Bare({ children }: { children: ReactNode }) {
  return (
    <>
      <header className="mx-auto flex w-full max-w-5xl px-4 py-5 sm:px-8">
        <Link to="/" className="rounded-lg">
          <Brand />
        </Link>
      </header>
      <main>{children}</main>
    </>
  );
}

export const BareNotFoundPage = () => (
  <Bare>
    <NotFoundPage />
  </Bare>
);

export const BareFailedPage = (props: ErrorComponentProps) => (
  <Bare>
    <FailedPage {...props} />
  </Bare>
);

/** What a problem's `type` leads to (RFC 9457, 3.1.1): the same words that the other pages use for it. */
export function ProblemPage() {
  const { t } = useTranslation();
  const { code } = useParams({ from: '/problems/$code' });
  if (!isProblemCode(code)) return <BareNotFoundPage />;
  return (
    <Bare>
      <Page title={t(`problems.codes.${code}`)} text={PROBLEMS[code].title}>
        <p>
          <code>{`${PROBLEMS[code].status} ${code}`}</code>
        </p>
      </Page>
    </Bare>
  );
}
