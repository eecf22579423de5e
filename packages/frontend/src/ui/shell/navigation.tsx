import { scopeOf } from '@smart-ai-hub/shared/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { balanceQuery } from '../../api/queries.ts';
import { useGrants } from '../../api/use-grants.tsx';
import { Credits } from '../figures.tsx';
import { Icon } from '../icon.tsx';

const PLACES = [
  ['overview', '/'],
  ['playground', '/playground'],
  ['keys', '/keys'],
  ['partner', '/partner'],
  ['usage', '/usage'],
  ['models', '/models'],
  ['security', '/security'],
  ['linkedAccounts', '/linked-accounts'],
  ['grants', '/grants'],
] as const;

/** Shown to whom the hub would let in. */
const ADMIN_PLACES = [
  ['roles', '/admin/roles', 'roles:read'],
  ['audit', '/admin/audit', 'audit:read'],
] as const;

const LINK_CLASS =
  'flex items-center gap-3 rounded-lg px-2.5 py-2 text-ink-soft transition-colors hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent-strong';

export function Navigation({ onChosen }: { onChosen?: () => void }) {
  const { t } = useTranslation();
  const grants = useGrants();
  const open = ADMIN_PLACES.filter(([, , permission]) => scopeOf(grants, permission) !== undefined);
  const places = [...PLACES, ...open];
  return (
    <nav aria-label={t('shell.nav.label')}>
      <ul className="grid gap-0.5">
        {places.map(([name, to]) => (
          <li key={name}>
            <Link
              to={to}
              activeOptions={{ exact: true, includeSearch: false }}
              onClick={onChosen}
              className={LINK_CLASS}
            >
              <Icon name={name} />
              {t(`shell.nav.${name}`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The balance, always in sight. */
export function BalanceLine() {
  const { t } = useTranslation();
  const { data } = useQuery(balanceQuery(useHub()));
  return (
    <p className="flex items-baseline justify-between gap-3 text-sm text-ink-soft">
      <span>{t('shell.balance')}</span>
      <span className="font-medium text-ink">{data ? <Credits micro={data.availableMicro} /> : '–'}</span>
    </p>
  );
}
