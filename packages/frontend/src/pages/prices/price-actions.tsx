import { type DatedPrice, pricesContract } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetPrices } from '../../api/price-queries.ts';
import { useMay } from '../../api/use-scopes.ts';
import { PriceForm } from '../../forms/price-form.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { ImportPrices } from './import-prices.tsx';

/** The ways to change prices, and the dialogs behind them. */
function Configure({ onDone }: { onDone: (said: string) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [open, setOpen] = useState<'set' | 'import'>();
  const close = () => setOpen(undefined);
  const set = async ({ model }: DatedPrice) => {
    await forgetPrices(queries);
    onDone(t('prices.done', { model }));
    close();
  };
  return (
    <>
      <Button onClick={() => setOpen('import')}>{t('prices.imports.open')}</Button>
      <Button tone="primary" icon="plus" onClick={() => setOpen('set')}>
        {t('prices.set')}
      </Button>
      <Dialog open={open === 'set'} onClose={close} title={t('prices.form.title')}>
        <PriceForm onSet={set} onCancel={close} />
      </Dialog>
      <Dialog open={open === 'import'} onClose={close} title={t('prices.imports.title')} dismissible={false}>
        <ImportPrices onClose={close} />
      </Dialog>
    </>
  );
}

/** What can be done with all prices; changing them, for those who may. */
export function PriceActions({ onDone }: { onDone: (said: string) => void }) {
  const { t } = useTranslation();
  const { download } = useHub();
  const mayConfigure = useMay('services:configure');
  const save = useMutation({ mutationFn: () => download(pricesContract.exportPrices.path, 'prices.csv') });
  return (
    <div className="flex flex-wrap gap-2">
      {save.error && <ErrorNotice error={save.error} />}
      <Button disabled={save.isPending} onClick={() => save.mutate()}>
        {save.isPending ? t('forms.working') : t('prices.export')}
      </Button>
      {mayConfigure && <Configure onDone={onDone} />}
    </div>
  );
}
