import type { DatedPrice } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetPrices } from '../../api/price-queries.ts';
import { formatWhen } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';

interface WithdrawDialogProps {
  /** The price in question; the dialog is closed while there is none. */
  price: DatedPrice | undefined;
  onClose: () => void;
  onDone: (said: string) => void;
}

/** Asks before a price that is to come is taken back. */
export function WithdrawDialog({ price, onClose, onDone }: WithdrawDialogProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { prices } = useHub();
  const queries = useQueryClient();
  const model = price?.model ?? '';
  const when = price ? formatWhen(price.effectiveAt, language) : '';
  const withdraw = useMutation({
    mutationFn: async () => {
      if (price) await prices.withdrawPrice({ params: { priceId: price.id } });
    },
    onSuccess: async () => {
      await forgetPrices(queries);
      onDone(t('prices.withdraw.done', { model }));
      onClose();
    },
  });
  return (
    <ConfirmDialog
      open={price !== undefined}
      onClose={onClose}
      title={t('prices.withdraw.title')}
      text={t('prices.withdraw.text', { model, when })}
      keep={t('prices.withdraw.keep')}
      confirm={t('prices.withdraw.confirm')}
      action={withdraw}
    />
  );
}
