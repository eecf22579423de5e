import type { PriceImportLine } from '@smart-ai-hub/shared/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { forgetPrices } from '../../api/price-queries.ts';
import { CsvImport } from '../../forms/csv-import.tsx';
import type { ReportLine } from '../../forms/import-report.ts';

/** Looks at a file of prices, and sets them all. */
export function ImportPrices({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { prices } = useHub();
  const queries = useQueryClient();
  const reportLine = ({ model, outcome, ...rest }: PriceImportLine, applied: boolean): ReportLine => ({
    ...rest,
    ...{ subject: model, outcome, fine: outcome === 'set' },
    words: applied ? t('prices.imports.set') : t(`prices.imports.outcomes.${outcome}`),
  });
  const run = async (csv: string, dryRun: boolean) => {
    const { applied, lines } = await prices.importPrices({ body: { csv, dryRun } });
    if (applied) await forgetPrices(queries);
    return { applied, lines: lines.map((line) => reportLine(line, applied)) };
  };
  return (
    <CsvImport
      text={t('prices.imports.text')}
      applyLabel={t('prices.imports.apply')}
      appliedWords={t('prices.imports.applied')}
      run={run}
      onClose={onClose}
    />
  );
}
