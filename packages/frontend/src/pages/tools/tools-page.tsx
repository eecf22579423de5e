import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { mcpServersQuery } from '../../api/tool-queries.ts';
import { useMay } from '../../api/use-scopes.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { NotFoundPage } from '../problem-pages.tsx';
import { ProfilesCard } from './profiles-card.tsx';
import { CreateServerDialog } from './server-dialogs.tsx';
import { ServerTable } from './server-table.tsx';

function Tools() {
  const { t } = useTranslation();
  const servers = useQuery(mcpServersQuery(useHub()));
  const [creating, setCreating] = useState(false);
  const [said, setSaid] = useState<string>();
  const create = (
    <Button tone="primary" icon="plus" onClick={() => setCreating(true)}>
      {t('tools.create')}
    </Button>
  );
  return (
    <Page title={t('tools.title')} text={t('tools.text')} action={create}>
      <StatusLine text={said} />
      <Card className="overflow-hidden">
        <Queried query={servers}>
          {({ items }) =>
            items.length > 0 ? (
              <ServerTable servers={items} />
            ) : (
              <Empty icon="tools" title={t('tools.empty')} text={t('tools.emptyText')} />
            )
          }
        </Queried>
      </Card>
      <ProfilesCard servers={servers.data?.items ?? []} onDone={setSaid} />
      <CreateServerDialog
        open={creating}
        commands={servers.data?.stdioCommands ?? []}
        onClose={() => setCreating(false)}
        onDone={setSaid}
      />
    </Page>
  );
}

/** MCP servers and profiles. */
export const ToolsPage = () => (useMay('tools:configure') ? <Tools /> : <NotFoundPage />);
