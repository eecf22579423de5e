import { DomainError } from '@smart-ai-hub/shared/contracts';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { saveFile } from '../api/save-file.ts';
import { formatCount } from '../i18n/format.ts';
import { useLanguage } from '../i18n/use-language.tsx';
import { Button } from '../ui/button.tsx';
import { FileButton } from '../ui/file-button.tsx';
import { ErrorNotice } from '../ui/notice.tsx';
import { isFine, type Report, reportCsv } from './import-report.ts';
import { ReportView } from './report-view.tsx';

interface CsvImportProps {
  /** What a file has to look like, and what is done with it. */
  text: string;
  applyLabel: string;
  appliedWords: string;
  /** Does what the file says, or only says what it would do. */
  run: (csv: string, dryRun: boolean) => Promise<Report>;
  onClose: () => void;
}

/** Looks at a chosen file first, and does what it says when every line is fine and somebody asks for it. */
function useImport(run: CsvImportProps['run']) {
  const check = useMutation({
    mutationFn: async (file: File) => {
      const csv = await file.text();
      return { csv, ...(await run(csv, true)) };
    },
  });
  const apply = useMutation({ mutationFn: (csv: string) => run(csv, false) });
  const choose = (file: File) => {
    apply.reset();
    check.mutate(file);
  };
  const report = apply.data ?? check.data;
  const ready = check.data && !apply.data && isFine(check.data) ? check.data : undefined;
  return {
    choose,
    report,
    apply: ready && (() => apply.mutate(ready.csv)),
    working: check.isPending || apply.isPending,
    error: apply.error ?? check.error,
  };
}

/** What the file is not, where the hub says it: words of ours could only say that it is wrong. */
function ImportError({ error }: { error: Error }) {
  const { t } = useTranslation();
  const why = error instanceof DomainError ? error.errors?.[0]?.message : undefined;
  return (
    <ErrorNotice error={error} instead={why ? { 'invalid-request': t('imports.refused', { why }) } : {}} />
  );
}

function useSummary(appliedWords: string) {
  const { t } = useTranslation();
  const language = useLanguage();
  return ({ lines, applied }: Report): string => {
    if (applied) return appliedWords;
    const wrong = lines.filter(({ fine }) => !fine).length;
    const words = { lines: formatCount(lines.length, language), wrong: formatCount(wrong, language) };
    return wrong > 0 ? t('imports.wrong', words) : t('imports.checked', words);
  };
}

interface ButtonsProps extends Pick<CsvImportProps, 'applyLabel' | 'onClose'> {
  report: Report | undefined;
  apply: (() => void) | undefined;
  working: boolean;
}

function Buttons({ report, apply, working, applyLabel, onClose }: ButtonsProps) {
  const { t } = useTranslation();
  const save = ({ lines }: Report) =>
    saveFile('report.csv', new Blob([reportCsv(lines)], { type: 'text/csv' }));
  return (
    <div className="flex flex-wrap justify-end gap-2">
      <Button tone="plain" onClick={onClose}>
        {t(report?.applied ? 'imports.done' : 'imports.cancel')}
      </Button>
      {report && <Button onClick={() => save(report)}>{t('imports.download')}</Button>}
      {apply && (
        <Button tone="primary" disabled={working} onClick={apply}>
          {applyLabel}
        </Button>
      )}
    </div>
  );
}

/** The way of a file of many changes: choose it, read what each line would do, do it, keep the report. */
export function CsvImport({ text, appliedWords, run, ...props }: CsvImportProps) {
  const { t } = useTranslation();
  const { choose, report, apply, working, error } = useImport(run);
  const summaryOf = useSummary(appliedWords);
  const said = working ? t('imports.checking') : report && summaryOf(report);
  return (
    <div className="grid gap-5">
      <p className="wrap-anywhere text-ink-soft">{text}</p>
      {!report?.applied && (
        <FileButton label={t('imports.choose')} accept=".csv,text/csv" onChosen={choose} />
      )}
      {error && <ImportError error={error} />}
      <p role="status" className={said ? '' : 'sr-only'}>
        {said}
      </p>
      <Buttons {...props} report={report} apply={apply} working={working} />
      {report && <ReportView lines={report.lines} />}
    </div>
  );
}
