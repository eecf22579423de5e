import type { BulkLine } from '@smart-ai-hub/shared/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetCredits } from '../../api/credit-queries.ts';
import { newId } from '../../api/new-id.ts';
import { CsvImport } from '../../forms/csv-import.tsx';
import type { ReportLine } from '../../forms/import-report.ts';
import { formatCredits } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

/** A line of the hub's report, in words. */
function useReportLine() {
  const { t } = useTranslation();
  const language = useLanguage();
  const credits = (micro: number | null, signed: boolean) =>
    micro === null ? '' : formatCredits(micro, language, { signed });
  return ({ line, userId, amountMicro, outcome, detail, balanceAfterMicro }: BulkLine): ReportLine => ({
    ...{ line, subject: userId, outcome, detail },
    words: t(`accounts.bulk.outcomes.${outcome}`, {
      amount: credits(amountMicro, true),
      balance: credits(balanceAfterMicro, false),
    }),
    fine: outcome === 'booked' || outcome === 'known',
  });
}

function Import({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { credits } = useHub();
  const queries = useQueryClient();
  const reportLine = useReportLine();
  // once for all that is tried while this is open: what was booked though its answer was lost is not booked again
  const [adjustmentId] = useState(newId);
  const run = async (csv: string, dryRun: boolean) => {
    const { applied, lines } = await credits.adjustMany({ body: { adjustmentId, csv, dryRun } });
    if (applied) await forgetCredits(queries);
    return { applied, lines: lines.map(reportLine) };
  };
  return (
    <CsvImport
      text={t('accounts.bulk.text')}
      applyLabel={t('accounts.bulk.apply')}
      appliedWords={t('accounts.bulk.applied')}
      run={run}
      onClose={onClose}
    />
  );
}

/** A button, and the dialog behind it, in which a file of adjustments is looked at and booked. */
export function BulkAdjust() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('accounts.bulk.open')}</Button>
      <Dialog open={open} onClose={close} title={t('accounts.bulk.title')} dismissible={false}>
        <Import onClose={close} />
      </Dialog>
    </>
  );
}
