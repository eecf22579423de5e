import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
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
