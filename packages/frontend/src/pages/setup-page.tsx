import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useHub } from '../api/app-context.tsx';
import { setupStateQuery } from '../api/queries.ts';
import { SetupForm } from '../forms/setup-form.tsx';
import { buttonClass } from '../ui/button.tsx';
import { Queried } from '../ui/queried.tsx';
import { tokenIn } from './fragment.ts';
import { useFragment } from './use-fragment.ts';
import { VisitorPage } from './visitor-page.tsx';

function SetupOpen({ token }: { token: string }) {
  const { t } = useTranslation();
  const { session } = useHub();
  const navigate = useNavigate();
  return (
    <VisitorPage title={t('account.setup.title')} text={t('account.setup.text')}>
      <SetupForm
        token={token}
        onSession={(made) => {
          session.adopt(made);
          void navigate({ to: '/', replace: true });
        }}
      />
    </VisitorPage>
  );
}

function SetupDone() {
  const { t } = useTranslation();
  return (
    <VisitorPage title={t('account.setup.doneTitle')} text={t('account.setup.doneText')}>
      <Link to="/sign-in" className={buttonClass({ tone: 'primary' })}>
        {t('account.setup.doneLink')}
      </Link>
    </VisitorPage>
  );
}

export function SetupPage() {
  const token = useFragment(tokenIn);
  // Asked once: making the administrator closes the set-up, and that is no news on this page.
  const state = useQuery({ ...setupStateQuery(useHub()), staleTime: Infinity });
  return (
    <Queried query={state}>{({ open }) => (open ? <SetupOpen token={token} /> : <SetupDone />)}</Queried>
  );
}
