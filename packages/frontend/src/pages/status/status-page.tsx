import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { providerHealthQuery } from '../../api/provider-queries.ts';
import { mcpHealthQuery, mcpServersQuery } from '../../api/tool-queries.ts';
import { useMay } from '../../api/use-scopes.ts';
import { Empty } from '../../ui/empty.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { NotFoundPage } from '../problem-pages.tsx';
import { ProviderHealthTable } from './provider-health-table.tsx';
import { ServerHealthTable } from './server-health-table.tsx';

/** Milliseconds between two looks. */
const AGAIN = 5_000;

function Providers() {
  const { t } = useTranslation();
  const providers = useQuery({ ...providerHealthQuery(useHub()), refetchInterval: AGAIN });
  return (
    <Card className="overflow-hidden">
      <h2 className="px-5 pt-5 text-lg">{t('status.providers')}</h2>
      <Queried query={providers}>
        {(asked) =>
          asked.length > 0 ? (
            <ProviderHealthTable providers={asked} />
          ) : (
            <Empty icon="providers" title={t('providers.empty')} text={t('providers.emptyText')} />
          )
        }
      </Queried>
    </Card>
  );
}

function Servers() {
  const { t } = useTranslation();
  const hub = useHub();
  const servers = useQuery(mcpServersQuery(hub));
  const health = useQuery({ ...mcpHealthQuery(hub), refetchInterval: AGAIN });
  const active = servers.data?.items.filter((server) => server.active) ?? [];
  return (
    <Card className="overflow-hidden">
      <h2 className="px-5 pt-5 text-lg">{t('status.servers')}</h2>
      <Queried query={health}>
        {(found) =>
          active.length > 0 ? (
            <ServerHealthTable servers={active} health={found} />
          ) : (
            <Empty icon="tools" title={t('tools.empty')} text={t('tools.emptyText')} />
          )
        }
      </Queried>
    </Card>
  );
}

function Status() {
  const { t } = useTranslation();
  return (
    <Page title={t('status.title')} text={t('status.text')}>
      <Providers />
      {useMay('tools:configure') && <Servers />}
    </Page>
  );
}

/** How those answer whom the hub asks. */
export const StatusPage = () => (useMay('services:read') ? <Status /> : <NotFoundPage />);
