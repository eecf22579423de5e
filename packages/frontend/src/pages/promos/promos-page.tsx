import type { PromoCode } from '@smart-ai-hub/shared/contracts';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetPromos, type PromoFilter as Filter, promosQuery } from '../../api/promo-queries.ts';
import { useMay } from '../../api/use-scopes.ts';
import { NewPromoForm } from '../../forms/new-promo-form.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { NotFoundPage } from '../problem-pages.tsx';
import { BatchDialog } from './batch-dialog.tsx';
import { PromoDialog } from './promo-dialog.tsx';
import { PromoFilter } from './promo-filter.tsx';
import { PromoTable } from './promo-table.tsx';
import { UseCard } from './use-card.tsx';

function PromoList({ filter, onOpen }: { filter: Filter; onOpen: (promo: PromoCode) => void }) {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(promosQuery(useHub(), filter));
  return (
    <Card className="overflow-hidden">
      <Queried query={pages}>
        {(data) => {
          const promos = data.pages.flatMap((page) => page.items);
          return promos.length > 0 ? (
            <PromoTable promos={promos} onOpen={onOpen} />
          ) : (
            <Empty icon="promos" title={t('promos.empty')} text={t('promos.emptyText')} />
          );
        }}
      </Queried>
      <LoadMore pages={pages} />
    </Card>
  );
}

/** The buttons that make codes, and the dialogs behind them. */
function MakePromos({ onDone }: { onDone: (said: string) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [making, setMaking] = useState<'one' | 'batch'>();
  const close = () => setMaking(undefined);
  const made = async ({ code }: PromoCode) => {
    await forgetPromos(queries);
    onDone(t('promos.done.create', { code }));
    close();
  };
  return (
    <div className="flex flex-wrap gap-2">
      <Button onClick={() => setMaking('batch')}>{t('promos.batch')}</Button>
      <Button tone="primary" icon="plus" onClick={() => setMaking('one')}>
        {t('promos.create')}
      </Button>
      <Dialog open={making === 'one'} onClose={close} title={t('promos.form.title')}>
        <NewPromoForm onMade={made} onCancel={close} />
      </Dialog>
      <BatchDialog open={making === 'batch'} onClose={close} />
    </div>
  );
}

function Promos() {
  const { t } = useTranslation();
  const mayManage = useMay('promos:manage');
  const [filter, setFilter] = useState<Filter>({ search: '', state: '' });
  const [promo, setPromo] = useState<PromoCode>();
  const [said, setSaid] = useState<string>();
  return (
    <Page
      title={t('promos.title')}
      text={t('promos.text')}
      action={mayManage && <MakePromos onDone={setSaid} />}
    >
      <StatusLine text={said} />
      <UseCard />
      <PromoFilter onFilter={setFilter} />
      <PromoList filter={filter} onOpen={setPromo} />
      <PromoDialog promo={promo} onClose={() => setPromo(undefined)} onDone={setSaid} />
    </Page>
  );
}

export const PromosPage = () => (useMay('promos:read') ? <Promos /> : <NotFoundPage />);
