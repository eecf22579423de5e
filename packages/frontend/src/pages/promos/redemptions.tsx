import type { PromoRedemption } from '@smart-ai-hub/shared/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { redemptionsQuery } from '../../api/promo-queries.ts';
import { Credits, When } from '../../ui/figures.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { Queried } from '../../ui/queried.tsx';

function RedemptionList({ redemptions }: { redemptions: PromoRedemption[] }) {
  const { t } = useTranslation();
  if (redemptions.length === 0) return <p className="p-4 text-ink-soft">{t('promos.redemptions.empty')}</p>;
  return (
    <ul aria-label={t('promos.redemptions.title')} className="divide-y divide-line">
      {redemptions.map(({ id, userId, creditsMicro, redeemedAt }) => (
        <li key={id} className="grid gap-0.5 px-4 py-2.5">
          <code className="break-all">{userId}</code>
          <span className="flex flex-wrap justify-between gap-x-4 text-sm text-ink-soft">
            <When at={redeemedAt} />
            <span>
              {t('promos.credits')}: <Credits micro={creditsMicro} />
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Who redeemed a code, newest first. */
export function Redemptions({ promoId }: { promoId: string }) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(redemptionsQuery(useHub(), promoId));
  return (
    <section className="grid gap-2">
      <h3 className="font-medium">{t('promos.redemptions.title')}</h3>
      <div className="rounded-xl border border-line">
        <Queried query={pages}>
          {(data) => <RedemptionList redemptions={data.pages.flatMap((page) => page.items)} />}
        </Queried>
        <LoadMore pages={pages} />
      </div>
    </section>
  );
}
