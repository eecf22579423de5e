import { Link, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useUser } from '../../api/use-user.tsx';

/** What still waits for a verified address, on every page but the one that verifies it. */
export function UnverifiedLine() {
  const { t } = useTranslation();
  const isThere = useRouterState({ select: ({ location }) => location.pathname === '/verify' });
  if (!useUser()?.mustVerify || isThere) return null;
  return (
    <aside
      aria-label={t('recovery.verify.title')}
      className="border-b border-line bg-accent-soft px-4 py-2.5 text-accent-strong sm:px-8"
    >
      {t('recovery.verify.waits')}{' '}
      <Link to="/verify" className="font-medium underline underline-offset-4">
        {t('recovery.verify.link')}
      </Link>
    </aside>
  );
}
