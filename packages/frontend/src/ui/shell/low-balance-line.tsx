import { useQuery } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { creditSettingsQuery } from '../../api/credit-queries.ts';
import { lowBalance } from '../../api/low-balance.ts';
import { balanceQuery } from '../../api/queries.ts';
import { useMay } from '../../api/use-scopes.ts';
import { formatCredits } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { IconButton } from '../button.tsx';

/** What to say, where there is something: not before both numbers are known. */
function useLowBalance() {
  const hub = useHub();
  const mayRead = useMay('credits:read');
  const { data: balance } = useQuery({ ...balanceQuery(hub), enabled: mayRead });
  const { data: settings } = useQuery({ ...creditSettingsQuery(hub), enabled: mayRead });
  if (!balance || !settings) return undefined;
  const { availableMicro } = balance;
  const kind = lowBalance(availableMicro, settings.lowBalanceMicro);
  return kind && { kind, availableMicro };
}

/** Where codes are redeemed; those who are there, or may not, see where their credits went. */
function WayOut() {
  const { t } = useTranslation();
  const isThere = useRouterState({ select: ({ location }) => location.pathname === '/' });
  const leads = useMay('promos:redeem') && !isThere ? 'redeem' : 'credits';
  return (
    <Link
      to={leads === 'redeem' ? '/' : '/credits'}
      className="font-medium whitespace-nowrap underline underline-offset-4"
    >
      {t(`shell.lowBalance.${leads}`)}
    </Link>
  );
}

/** Says that credits run out, until they do not or the person has seen it; then again when nothing is left. */
export function LowBalanceLine() {
  const { t } = useTranslation();
  const language = useLanguage();
  const low = useLowBalance();
  const [hidden, setHidden] = useState<'low' | 'empty'>();
  const shown = low?.kind === hidden ? undefined : low;
  const amount = formatCredits(shown?.availableMicro ?? 0, language);
  return (
    // the paragraph is there before it speaks: screen readers hear what changes in it, not its coming
    <section
      aria-label={shown && t('shell.lowBalance.label')}
      className={
        shown
          ? 'flex items-center gap-x-3 border-b border-line bg-sunken px-4 py-1 text-sm text-ink-soft sm:px-8'
          : 'sr-only'
      }
    >
      <div className="flex min-w-0 flex-1 flex-wrap gap-x-3">
        <p role="status">{shown && t(`shell.lowBalance.${shown.kind}`, { amount })}</p>
        {shown && <WayOut />}
      </div>
      {shown && (
        <IconButton
          icon="close"
          label={t('shell.lowBalance.hide')}
          className="-mr-2.5"
          onClick={() => setHidden(shown.kind)}
        />
      )}
    </section>
  );
}
