import type { ApiKey } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { formatDay } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Button } from '../../ui/button.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';

interface KeyTableProps {
  keys: ApiKey[];
  onRevoke: (key: ApiKey) => void;
}

function Day({ at, none }: { at: string | null; none: string }) {
  const language = useLanguage();
  if (at === null) return none;
  return (
    <time dateTime={at} className="whitespace-nowrap">
      {formatDay(at, language)}
    </time>
  );
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const { t } = useTranslation();
  return (
    <tr>
      <Cell>
        <span className="font-medium break-words">{apiKey.name}</span>
        <code className="block text-sm text-ink-soft">{apiKey.prefix}…</code>
        <span className="block text-sm text-ink-faint md:hidden">
          {t('keys.lastUsed')}: <Day at={apiKey.lastUsedAt} none={t('keys.notUsed')} />
        </span>
        <span className="block text-sm text-ink-faint md:hidden">
          {t('keys.expires')}: <Day at={apiKey.expiresAt} none={t('keys.never')} />
        </span>
      </Cell>
      <Cell wideOnly className="text-ink-soft">
        <Day at={apiKey.createdAt} none="" />
      </Cell>
      <Cell wideOnly className="text-ink-soft">
        <Day at={apiKey.lastUsedAt} none={t('keys.notUsed')} />
      </Cell>
      <Cell wideOnly className="text-ink-soft">
        <Day at={apiKey.expiresAt} none={t('keys.never')} />
      </Cell>
      <Cell numeric>
        <Button size="small" aria-label={t('keys.revokeNamed', { name: apiKey.name })} onClick={onRevoke}>
          {t('keys.revoke')}
        </Button>
      </Cell>
    </tr>
  );
}

export function KeyTable({ keys, onRevoke }: KeyTableProps) {
  const { t } = useTranslation();
  return (
    <Table label={t('keys.title')}>
      <thead>
        <tr>
          <HeadCell>{t('keys.name')}</HeadCell>
          <HeadCell wideOnly>{t('keys.created')}</HeadCell>
          <HeadCell wideOnly>{t('keys.lastUsed')}</HeadCell>
          <HeadCell wideOnly>{t('keys.expires')}</HeadCell>
          <HeadCell numeric>
            <span className="sr-only">{t('keys.actions')}</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <KeyRow key={key.id} apiKey={key} onRevoke={() => onRevoke(key)} />
        ))}
      </tbody>
    </Table>
  );
}
