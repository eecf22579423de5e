import type { Transaction } from '@smart-ai-hub/shared/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { forgetCredits } from '../../api/credit-queries.ts';
import { newId } from '../../api/new-id.ts';
import { usePersonName } from '../../api/use-person-name.ts';
import { AdjustForm } from '../../forms/adjust-form.tsx';
import { formatCredits } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

interface AdjustAccountProps {
  userId: string;
  adjustmentId: string;
  onBack: () => void;
  /** Says what was booked. */
  onDone: (said: string) => void;
}

/** Whose credits change, and by how much; every list looks anew once they did. */
export function AdjustAccount({ userId, adjustmentId, onBack, onDone }: AdjustAccountProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const queries = useQueryClient();
  const name = usePersonName(userId);
  const booked = async ({ amountMicro, balanceAfterMicro }: Transaction) => {
    await forgetCredits(queries);
    const amount = formatCredits(amountMicro, language, { signed: true });
    onDone(t('accounts.done.adjust', { name, amount, balance: formatCredits(balanceAfterMicro, language) }));
  };
  return (
    <>
      <p className="mb-4 break-all text-ink-soft">{name}</p>
      <AdjustForm userId={userId} adjustmentId={adjustmentId} onBooked={booked} onCancel={onBack} />
    </>
  );
}

type AdjustmentProps = Omit<AdjustAccountProps, 'adjustmentId'>;

/** Once for all that is tried while it is open: an adjustment whose answer was lost is not booked again. */
function Adjustment(props: AdjustmentProps) {
  const [adjustmentId] = useState(newId);
  return <AdjustAccount {...props} adjustmentId={adjustmentId} />;
}

/** A button, and the dialog behind it. */
export function AdjustButton({ userId, onDone }: Pick<AdjustmentProps, 'userId' | 'onDone'>) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const done = (said: string) => {
    onDone(said);
    close();
  };
  return (
    <>
      <Button className="justify-self-end" onClick={() => setOpen(true)}>
        {t('accounts.act.adjust')}
      </Button>
      <Dialog open={open} onClose={close} title={t('accounts.dialog')}>
        <Adjustment userId={userId} onBack={close} onDone={done} />
      </Dialog>
    </>
  );
}
