import type { DatedPrice } from '@smart-ai-hub/shared/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { inForceQuery, toComeQuery } from '../../api/price-queries.ts';
import { useMay } from '../../api/use-scopes.ts';
import { formatWhen } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { NotFoundPage } from '../problem-pages.tsx';
import { HistoryDialog } from './history-dialog.tsx';
import { PriceActions } from './price-actions.tsx';
import { PriceTable } from './price-table.tsx';
import { WithdrawDialog } from './withdraw-dialog.tsx';

/** Prices that are set but not in force; not there while there are none. */
function ToCome({ onWithdraw }: { onWithdraw: (price: DatedPrice) => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const mayConfigure = useMay('services:configure');
  const toCome = useQuery(toComeQuery(useHub()));
  if (toCome.data?.length === 0) return null;
  const withdraw = (price: DatedPrice) => {
    const when = formatWhen(price.effectiveAt, language);
    return (
      <Button
        size="small"
        aria-label={t('prices.withdraw.named', { model: price.model, when })}
        onClick={() => onWithdraw(price)}
      >
        {t('prices.withdraw.action')}
      </Button>
    );
  };
  return (
    <div className="grid gap-3">
      <h2 className="text-lg">{t('prices.toCome')}</h2>
      <Card className="overflow-hidden">
        <Queried query={toCome}>
          {(prices) => (
            <PriceTable
              label={t('prices.toCome')}
              prices={prices}
              action={mayConfigure ? withdraw : () => null}
            />
          )}
        </Queried>
      </Card>
    </div>
  );
}

function InForce({ onHistory }: { onHistory: (model: string) => void }) {
  const { t } = useTranslation();
  const inForce = useQuery(inForceQuery(useHub()));
  const history = ({ model }: { model: string }) => (
    <Button size="small" aria-label={t('prices.historyNamed', { model })} onClick={() => onHistory(model)}>
      {t('prices.history')}
    </Button>
  );
  return (
    <div className="grid gap-3">
      <h2 className="text-lg">{t('prices.inForce')}</h2>
      <Card className="overflow-hidden">
        <Queried query={inForce}>
          {(prices) =>
            prices.length > 0 ? (
              <PriceTable label={t('prices.inForce')} prices={prices} action={history} />
            ) : (
              <Empty icon="prices" title={t('prices.inForceEmpty')} text={t('prices.inForceEmptyText')} />
            )
          }
        </Queried>
      </Card>
    </div>
  );
}

function Prices() {
  const { t } = useTranslation();
  const [said, setSaid] = useState<string>();
  const [model, setModel] = useState<string>();
  const [withdrawn, setWithdrawn] = useState<DatedPrice>();
  return (
    <Page title={t('prices.title')} text={t('prices.text')} action={<PriceActions onDone={setSaid} />}>
      <StatusLine text={said} />
      <ToCome onWithdraw={setWithdrawn} />
      <InForce onHistory={setModel} />
      <HistoryDialog model={model} onClose={() => setModel(undefined)} />
      <WithdrawDialog price={withdrawn} onClose={() => setWithdrawn(undefined)} onDone={setSaid} />
    </Page>
  );
}

export const PricesPage = () => (useMay('services:read') ? <Prices /> : <NotFoundPage />);
