import type { EnvironmentProvider, KeptProvider } from '@smart-ai-hub/shared/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/badge.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';

/** Model names that a cell shows; the rest is a number. */
const SHOWN = 3;

/** The first names, and how many more there are. */
function Models({ models }: { models: readonly { id: string }[] }) {
  const { t } = useTranslation();
  const more = models.length - SHOWN;
  return (
    <ul className="text-sm">
      {models.slice(0, SHOWN).map(({ id }) => (
        <li key={id}>
          <code className="break-all">{id}</code>
        </li>
      ))}
      {more > 0 && <li className="text-ink-faint">{t('providers.models.others', { count: more })}</li>}
    </ul>
  );
}

interface RowProps {
  provider: KeptProvider | EnvironmentProvider;
  keys: string;
  /** What its state is beside on and off. */
  badge: ReactNode;
  actions: ReactNode;
}

function Row({ provider: { name, format, baseUrl, models }, keys, badge, actions }: RowProps) {
  const { t } = useTranslation();
  return (
    <tr>
      <Cell className="max-lg:w-full">
        <span className="mr-2 font-medium break-all">{name}</span>
        {badge}
        <span className="block text-sm text-ink-soft">{t(`providers.formats.${format}`)}</span>
        <code className="block text-sm break-all text-ink-soft">{baseUrl}</code>
        <div className="mt-1 grid gap-1 lg:hidden">
          <Models models={models} />
          <span className="text-sm text-ink-faint">{keys}</span>
        </div>
      </Cell>
      <Cell wideOnly="very">
        <Models models={models} />
      </Cell>
      <Cell wideOnly="very" className="text-sm text-ink-soft">
        {keys}
      </Cell>
      <Cell numeric>{actions}</Cell>
    </tr>
  );
}

function KeptBadge({ provider: { active, keysReadable } }: { provider: KeptProvider }) {
  const { t } = useTranslation();
  if (!keysReadable) return <Badge tone="bad">{t('providers.states.unreadable')}</Badge>;
  return (
    <Badge tone={active ? 'good' : 'quiet'}>
      {t(active ? 'providers.states.on' : 'providers.states.off')}
    </Badge>
  );
}

interface ProviderTableProps {
  fixed: readonly EnvironmentProvider[];
  kept: readonly KeptProvider[];
  /** What can be done with the one at this place among those that are kept. */
  actions: (provider: KeptProvider, place: number) => ReactNode;
}

/** Every provider in the order in which they are asked. */
export function ProviderTable({ fixed, kept, actions }: ProviderTableProps) {
  const { t } = useTranslation();
  const keysWords = (count: number, endings: readonly string[] = []) =>
    [t('providers.keyCount', { count }), ...endings.filter(Boolean).map((end) => `…${end}`)].join(' ');
  return (
    <Table label={t('providers.title')}>
      <thead>
        <tr>
          <HeadCell>{t('providers.one')}</HeadCell>
          <HeadCell wideOnly="very">{t('providers.models.title')}</HeadCell>
          <HeadCell wideOnly="very">{t('providers.keys')}</HeadCell>
          <HeadCell numeric>
            <span className="sr-only">{t('providers.actions')}</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {fixed.map((provider) => (
          <Row
            key={`environment ${provider.name}`}
            provider={provider}
            keys={keysWords(provider.keyCount)}
            badge={<Badge>{t('providers.states.environment')}</Badge>}
            actions={null}
          />
        ))}
        {kept.map((provider, place) => (
          <Row
            key={provider.id}
            provider={provider}
            keys={keysWords(provider.keyEndings.length, provider.keyEndings)}
            badge={<KeptBadge provider={provider} />}
            actions={actions(provider, place)}
          />
        ))}
      </tbody>
    </Table>
  );
}
