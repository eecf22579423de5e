import type { PartnerSession } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { formatWhen } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Button } from '../../ui/button.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';

interface PartnerTableProps {
  sessions: PartnerSession[];
  onEnd: (session: PartnerSession) => void;
}

function When({ at, none = '' }: { at: string | null; none?: string }) {
  const language = useLanguage();
  if (at === null) return none;
  return <time dateTime={at}>{formatWhen(at, language)}</time>;
}

function PartnerRow({ session, onEnd }: { session: PartnerSession; onEnd: () => void }) {
  const { t } = useTranslation();
  return (
    <tr>
      <Cell>
        <code className="text-sm break-all">{session.prefix}…</code>
        <span className="block text-sm text-ink-faint md:hidden">
          {t('partner.lastUsed')}: <When at={session.lastUsedAt} none={t('partner.notUsed')} />
        </span>
        <span className="block text-sm text-ink-faint md:hidden">
          {t('partner.expires')}: <When at={session.expiresAt} />
        </span>
      </Cell>
      <Cell wideOnly className="text-ink-soft">
        <When at={session.createdAt} />
      </Cell>
      <Cell wideOnly className="text-ink-soft">
        <When at={session.lastUsedAt} none={t('partner.notUsed')} />
      </Cell>
      <Cell wideOnly className="text-ink-soft">
        <When at={session.expiresAt} />
      </Cell>
      <Cell numeric>
        <Button size="small" aria-label={t('partner.endNamed', { prefix: session.prefix })} onClick={onEnd}>
          {t('partner.end')}
        </Button>
      </Cell>
    </tr>
  );
}

export function PartnerTable({ sessions, onEnd }: PartnerTableProps) {
  const { t } = useTranslation();
  return (
    <Table label={t('partner.title')}>
      <thead>
        <tr>
          <HeadCell>{t('partner.session')}</HeadCell>
          <HeadCell wideOnly>{t('partner.created')}</HeadCell>
          <HeadCell wideOnly>{t('partner.lastUsed')}</HeadCell>
          <HeadCell wideOnly>{t('partner.expires')}</HeadCell>
          <HeadCell numeric>
            <span className="sr-only">{t('partner.actions')}</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <PartnerRow key={session.id} session={session} onEnd={() => onEnd(session)} />
        ))}
      </tbody>
    </Table>
  );
}
