import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { REDEEMED } from '../../api/promo-queries.ts';
import { RedeemForm, type Redeemed } from '../../forms/redeem-form.tsx';
import { formatCredits } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

/** A button, and the dialog behind it; what came of it is told to `onDone`. */
export function RedeemCode({ onDone }: { onDone: (said: string) => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const redeemed = async ({ creditsMicro, balanceMicro }: Redeemed) => {
    await Promise.all(REDEEMED.map((queryKey) => queries.invalidateQueries({ queryKey })));
    const amount = formatCredits(creditsMicro, language);
    onDone(t('overview.redeem.done', { amount, balance: formatCredits(balanceMicro, language) }));
    close();
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('overview.redeem.open')}</Button>
      <Dialog open={open} onClose={close} title={t('overview.redeem.title')}>
        <RedeemForm onRedeemed={redeemed} onCancel={close} />
      </Dialog>
    </>
  );
}
