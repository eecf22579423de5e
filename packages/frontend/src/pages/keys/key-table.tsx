import type { ApiKey } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { formatDay, formatWhen } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Button } from '../../ui/button.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';
import { KeyLimits } from './key-limits.tsx';

export type KeyAction = 'edit' | 'rotate' | 'revoke';
type OnAction = (action: KeyAction, key: ApiKey) => void;

function Day({ at, none }: { at: string | null; none: string }) {
  const language = useLanguage();
  if (at === null) return none;
  return (
    <time dateTime={at} className="whitespace-nowrap">
      {formatDay(at, language)}
    </time>
  );
}

/** A key that was replaced can only be revoked, before it ends by itself. */
function Actions({ apiKey, onAction }: { apiKey: ApiKey; onAction: OnAction }) {
  const { t } = useTranslation();
  const actions: KeyAction[] = apiKey.rotatedTo === null ? ['edit', 'rotate', 'revoke'] : ['revoke'];
  return (
    <div className="flex flex-wrap justify-end gap-1.5">
      {actions.map((action) => (
        <Button
          key={action}
          size="small"
          aria-label={t(`keys.${action}Named`, { name: apiKey.name })}
          onClick={() => onAction(action, apiKey)}
        >
          {t(`keys.do.${action}`)}
        </Button>
      ))}
    </div>
  );
}

function KeyName({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { name, prefix, rotatedTo, expiresAt } = apiKey;
  return (
    <>
      <span className="font-medium break-words">{name}</span>
      <code className="block text-sm text-ink-soft">{prefix}…</code>
      {rotatedTo !== null && expiresAt !== null && (
        <span className="block text-sm text-ink-soft">
          {t('keys.replaced', { when: formatWhen(expiresAt, language) })}
        </span>
      )}
      <KeyLimits apiKey={apiKey} />
    </>
  );
}

function KeyRow({ apiKey, onAction }: { apiKey: ApiKey; onAction: OnAction }) {
  const { t } = useTranslation();
  return (
    <tr>
      <Cell>
        <KeyName apiKey={apiKey} />
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
        <Actions apiKey={apiKey} onAction={onAction} />
      </Cell>
    </tr>
  );
}

export function KeyTable({ keys, onAction }: { keys: ApiKey[]; onAction: OnAction }) {
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
          <KeyRow key={key.id} apiKey={key} onAction={onAction} />
        ))}
      </tbody>
    </Table>
  );
}
