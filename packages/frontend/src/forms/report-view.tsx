import { useTranslation } from 'react-i18next';
import { formatCount } from '../i18n/format.ts';
import { useLanguage } from '../i18n/use-language.tsx';
import { Cell, HeadCell, Table } from '../ui/table.tsx';
import { byUrgency, type ReportLine } from './import-report.ts';

/** More than these nobody reads here; the report as a file has all. */
const SHOWN = 200;

function Line({ line, subject, words, detail, fine }: ReportLine) {
  const { t } = useTranslation();
  return (
    <tr>
      <Cell>
        <span className="font-medium whitespace-nowrap">{t('imports.line', { line: String(line) })}</span>
        <code className="block text-sm break-all text-ink-soft">{subject}</code>
      </Cell>
      <Cell>
        <span className={fine ? '' : 'font-medium text-danger'}>{words}</span>
        {detail && (
          <span lang="en" className="block text-sm wrap-anywhere text-ink-soft">
            {detail}
          </span>
        )}
      </Cell>
    </tr>
  );
}

/** What became of each line, or would. */
export function ReportView({ lines }: { lines: readonly ReportLine[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const rest = lines.length - SHOWN;
  return (
    <div className="rounded-xl border border-line">
      <Table label={t('imports.report')}>
        <thead>
          <tr>
            <HeadCell>{t('imports.lineHead')}</HeadCell>
            <HeadCell>{t('imports.outcome')}</HeadCell>
          </tr>
        </thead>
        <tbody>
          {byUrgency(lines)
            .slice(0, SHOWN)
            .map((one) => (
              <Line key={one.line} {...one} />
            ))}
        </tbody>
      </Table>
      {rest > 0 && (
        <p className="border-t border-line px-5 py-3 text-sm text-ink-soft">
          {t('imports.more', { lines: formatCount(rest, language) })}
        </p>
      )}
    </div>
  );
}
