import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { buttonClass } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { LedgerList } from '../credits/ledger-list.tsx';

/** Every credit that came or went, newest first. */
export function Ledger() {
  const { t } = useTranslation();
  const empty = (
    <Empty icon="overview" title={t('overview.ledger.empty')} text={t('overview.ledger.emptyText')} />
  );
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-lg">{t('overview.ledger.title')}</h2>
        <Link to="/credits" className={buttonClass({ size: 'small' })}>
          {t('credits.all')}
        </Link>
      </div>
      <LedgerList filter={{}} empty={empty} />
    </div>
  );
}
