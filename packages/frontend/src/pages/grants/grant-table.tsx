import type { ClientGrant } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { formatDay } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Button } from '../../ui/button.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';
import { useClientName } from './client-name.ts';

interface GrantTableProps {
  grants: ClientGrant[];
  onRevoke: (grant: ClientGrant) => void;
}

function Day({ at }: { at: string }) {
  const language = useLanguage();
  return (
    <time dateTime={at} className="whitespace-nowrap">
      {formatDay(at, language)}
    </time>
  );
}

function GrantRow({ grant, onRevoke }: { grant: ClientGrant; onRevoke: () => void }) {
  const { t } = useTranslation();
  const name = useClientName()(grant.client);
  const { publisher } = grant.client;
  const scopes = grant.scopes.map((scope) => t(`consent.scopes.${scope}`)).join(' · ');
  return (
    <tr>
      <Cell>
        <span className="font-medium break-words">{name}</span>
        <span className="block text-sm text-ink-soft break-words">
          {publisher === null ? t('grants.unverified') : t('grants.publisher', { host: publisher })}
        </span>
        <span className="block text-sm text-ink-faint md:hidden">{scopes}</span>
        <span className="block text-sm text-ink-faint md:hidden">
          {t('grants.since')}: <Day at={grant.createdAt} />
        </span>
      </Cell>
      <Cell wideOnly className="text-ink-soft">
        {scopes}
      </Cell>
      <Cell wideOnly className="text-ink-soft">
        <Day at={grant.createdAt} />
      </Cell>
      <Cell wideOnly className="text-ink-soft">
        <Day at={grant.expiresAt} />
      </Cell>
      <Cell numeric>
        <Button size="small" aria-label={t('grants.revokeNamed', { name })} onClick={onRevoke}>
          {t('grants.revoke')}
        </Button>
      </Cell>
    </tr>
  );
}

export function GrantTable({ grants, onRevoke }: GrantTableProps) {
  const { t } = useTranslation();
  return (
    <Table label={t('grants.title')}>
      <thead>
        <tr>
          <HeadCell>{t('grants.name')}</HeadCell>
          <HeadCell wideOnly>{t('grants.may')}</HeadCell>
          <HeadCell wideOnly>{t('grants.since')}</HeadCell>
          <HeadCell wideOnly>{t('grants.until')}</HeadCell>
          <HeadCell numeric>
            <span className="sr-only">{t('grants.actions')}</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {grants.map((grant) => (
          <GrantRow key={grant.id} grant={grant} onRevoke={() => onRevoke(grant)} />
        ))}
      </tbody>
    </Table>
  );
}
