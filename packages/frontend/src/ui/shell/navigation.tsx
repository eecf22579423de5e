import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { balanceQuery } from '../../api/queries.ts';
import { reachesOthers, useScopes } from '../../api/use-scopes.ts';
import { Credits } from '../figures.tsx';
import { Icon } from '../icon.tsx';

const PLACES = [
  ['overview', '/'],
  ['credits', '/credits'],
  ['chat', '/chat'],
  ['connect', '/connect'],
  ['keys', '/keys'],
  ['partner', '/partner'],
  ['usage', '/usage'],
  ['models', '/models'],
  ['security', '/security'],
  ['linkedAccounts', '/linked-accounts'],
  ['grants', '/grants'],
] as const;

/** Places for those whose permission reaches beyond their own data. */
const ADMINISTRATION = [
  ['users', '/admin/users', 'users:read'],
  ['teams', '/admin/teams', 'users:read'],
  ['roles', '/admin/roles', 'roles:read'],
  ['accounts', '/admin/accounts', 'credits:read'],
  ['prices', '/admin/prices', 'services:read'],
  ['providers', '/admin/providers', 'services:configure'],
  ['tools', '/admin/tools', 'tools:configure'],
  ['status', '/admin/status', 'services:read'],
  ['promos', '/admin/promos', 'promos:read'],
  ['webhooks', '/webhooks', 'settings:read'],
  ['audit', '/admin/audit', 'audit:read'],
] as const;

const LINK_CLASS =
  'flex items-center gap-3 rounded-lg px-2.5 py-2 md:py-1.5 md:leading-6 text-ink-soft transition-colors hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent-strong';

type Place = (typeof PLACES)[number] | (typeof ADMINISTRATION)[number];

interface NavigationProps {
  onChosen?: (() => void) | undefined;
}

function Places({ places, onChosen }: NavigationProps & { places: readonly Place[] }) {
  const { t } = useTranslation();
  return (
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
  );
}

export function Navigation({ onChosen }: NavigationProps) {
  const { t } = useTranslation();
  const scopeOf = useScopes();
  const open = ADMINISTRATION.filter(([, , permission]) => reachesOthers(scopeOf(permission)));
  return (
    <nav aria-label={t('shell.nav.label')}>
      <Places places={PLACES} onChosen={onChosen} />
      {open.length > 0 && (
        <>
          <p className="px-2.5 pt-6 pb-1.5 eyebrow">{t('shell.nav.administration')}</p>
          <Places places={open} onChosen={onChosen} />
        </>
      )}
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
