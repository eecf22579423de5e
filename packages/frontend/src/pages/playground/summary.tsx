import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import type { ModelOffer } from '../../api/model-offer.ts';
import { balanceQuery } from '../../api/queries.ts';
import type { Turn } from '../../chat/conversation.ts';
import { totalsOf } from '../../chat/totals.ts';
import { Count, Credits } from '../../ui/figures.tsx';

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-3">
      <dt className="text-ink-soft">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}

function PriceLines({ price }: Pick<ModelOffer, 'price'>) {
  const { t } = useTranslation();
  if (!price) return <p className="text-ink-soft">{t('models.unpriced')}</p>;
  return (
    <dl className="grid gap-1.5">
      <Line name={t('models.input')}>
        <Credits micro={price.inputMicroPerMillion} />
      </Line>
      <Line name={t('models.output')}>
        <Credits micro={price.outputMicroPerMillion} />
      </Line>
    </dl>
  );
}

/** What the conversation used so far, and what the model costs; on wide screens alone. */
export function Summary({ turns, offer }: { turns: readonly Turn[]; offer: ModelOffer }) {
  const { t } = useTranslation();
  const balance = useQuery(balanceQuery(useHub()));
  const totals = totalsOf(turns);
  return (
    <aside
      aria-label={t('playground.total.title')}
      className="row-span-2 mr-8 mb-6 hidden content-start gap-7 self-start rounded-2xl border border-line bg-surface p-5 text-sm lg:grid"
    >
      <section className="grid gap-2.5">
        <h2 className="text-sm">{t('playground.total.title')}</h2>
        <dl className="grid gap-1.5">
          <Line name={t('playground.total.tokensIn')}>
            <Count value={totals.tokensIn} />
          </Line>
          <Line name={t('playground.total.tokensOut')}>
            <Count value={totals.tokensOut} />
          </Line>
          <Line name={t('playground.total.cost')}>
            {totals.settling && '≈ '}
            <Credits micro={totals.costMicro} />
          </Line>
          <Line name={t('playground.total.balance')}>
            {balance.data ? <Credits micro={balance.data.availableMicro} /> : '–'}
          </Line>
        </dl>
      </section>
      <section className="grid gap-2.5">
        <h2 className="text-sm">{t('playground.total.price')}</h2>
        <PriceLines price={offer.price} />
      </section>
    </aside>
  );
}
