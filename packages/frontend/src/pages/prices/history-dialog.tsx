import type { DatedPrice } from '@smart-ai-hub/shared/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { historyQuery } from '../../api/price-queries.ts';
import { Badge } from '../../ui/badge.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { When } from '../../ui/figures.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { Queried } from '../../ui/queried.tsx';
import { usePriceWords } from './price-table.tsx';

function Entry({ price }: { price: DatedPrice }) {
  const { t } = useTranslation();
  const words = usePriceWords()(price);
  return (
    <li className="grid gap-0.5 border-t border-line px-4 py-3 first:border-t-0">
      <span className="flex flex-wrap items-center justify-between gap-2">
        <span className="font-medium">
          <When at={price.effectiveAt} />
        </span>
        <Badge tone={price.state === 'in-force' ? 'good' : 'quiet'}>
          {t(`prices.states.${price.state}`)}
        </Badge>
      </span>
      {words.map((one) => (
        <span key={one} className="text-sm text-ink-soft">
          {one}
        </span>
      ))}
    </li>
  );
}

function History({ model }: { model: string }) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(historyQuery(useHub(), model));
  return (
    <div className="mt-4 rounded-xl border border-line">
      <Queried query={pages}>
        {(data) => (
          <ul aria-label={t('prices.history')}>
            {data.pages.flatMap((page) => page.items.map((price) => <Entry key={price.id} price={price} />))}
          </ul>
        )}
      </Queried>
      <LoadMore pages={pages} />
    </div>
  );
}

interface HistoryDialogProps {
  /** The dialog is closed while there is none. */
  model: string | undefined;
  onClose: () => void;
}

/** What a model or tool cost, costs, and will. */
export function HistoryDialog({ model, onClose }: HistoryDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog open={model !== undefined} onClose={onClose} title={t('prices.history')}>
      {model !== undefined && (
        <>
          <code className="break-all">{model}</code>
          <History model={model} />
        </>
      )}
    </Dialog>
  );
}
