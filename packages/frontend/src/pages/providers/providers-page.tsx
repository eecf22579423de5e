import type { KeptProvider } from '@smart-ai-hub/shared/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { environmentProvidersQuery, providersQuery } from '../../api/provider-queries.ts';
import { useMay } from '../../api/use-scopes.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { NotFoundPage } from '../problem-pages.tsx';
import { LocalProviders } from './local-providers.tsx';
import { ProviderActions } from './provider-actions.tsx';
import { ChangeProviderDialog, CreateProviderDialog, DeleteProviderDialog } from './provider-dialogs.tsx';
import { ProviderTable } from './provider-table.tsx';

interface ProviderListProps {
  kept: readonly KeptProvider[];
  onDone: (said: string) => void;
}

/** The table, and the dialogs behind its rows. */
function ProviderList({ kept, onDone }: ProviderListProps) {
  const { t } = useTranslation();
  const fixed = useQuery(environmentProvidersQuery(useHub()));
  const [asked, setAsked] = useState<{ act: 'change' | 'delete'; provider: KeptProvider }>();
  const close = () => setAsked(undefined);
  const about = (act: 'change' | 'delete') => (asked?.act === act ? asked.provider : undefined);
  return (
    <Card className="overflow-hidden">
      <Queried query={fixed}>
        {(named) =>
          named.length + kept.length > 0 ? (
            <ProviderTable
              fixed={named}
              kept={kept}
              actions={(provider, place) => (
                <ProviderActions
                  {...{ kept, place, provider, onDone }}
                  onChange={() => setAsked({ act: 'change', provider })}
                  onDelete={() => setAsked({ act: 'delete', provider })}
                />
              )}
            />
          ) : (
            <Empty icon="providers" title={t('providers.empty')} text={t('providers.emptyText')} />
          )
        }
      </Queried>
      <ChangeProviderDialog provider={about('change')} onClose={close} onDone={onDone} />
      <DeleteProviderDialog provider={about('delete')} onClose={close} onDone={onDone} />
    </Card>
  );
}

function Providers() {
  const { t } = useTranslation();
  const providers = useQuery(providersQuery(useHub()));
  const [creating, setCreating] = useState(false);
  const [said, setSaid] = useState<string>();
  const create = (
    <Button tone="primary" icon="plus" onClick={() => setCreating(true)}>
      {t('providers.create')}
    </Button>
  );
  return (
    <Page title={t('providers.title')} text={t('providers.text')} action={create}>
      <StatusLine text={said} />
      <LocalProviders onDone={setSaid} />
      <Queried query={providers}>{(kept) => <ProviderList kept={kept} onDone={setSaid} />}</Queried>
      <CreateProviderDialog open={creating} onClose={() => setCreating(false)} onDone={setSaid} />
    </Page>
  );
}

export const ProvidersPage = () => (useMay('services:configure') ? <Providers /> : <NotFoundPage />);
