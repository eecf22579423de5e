import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { balanceQuery } from '../../api/queries.ts';
import { Credits } from '../figures.tsx';
import { Icon } from '../icon.tsx';

const PLACES = [
  ['overview', '/'],
  ['playground', '/playground'],
  ['keys', '/keys'],
  ['usage', '/usage'],
  ['models', '/models'],
  ['grants', '/grants'],
] as const;

const LINK_CLASS =
  'flex items-center gap-3 rounded-lg px-2.5 py-2 text-ink-soft transition-colors hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent-strong';

export function Navigation({ onChosen }: { onChosen?: () => void }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t('shell.nav.label')}>
      <ul className="grid gap-0.5">
        {PLACES.map(([name, to]) => (
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
