import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { useMay } from '../../api/use-scopes.ts';
import { webhooksQuery } from '../../api/webhook-queries.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { StatusLine } from '../../ui/status-line.tsx';
import { NotFoundPage } from '../problem-pages.tsx';
import { CreateWebhookDialog } from './create-webhook-dialog.tsx';
import { WebhookTable } from './webhook-table.tsx';

function Webhooks() {
  const { t } = useTranslation();
  const webhooks = useQuery(webhooksQuery(useHub()));
  const mayChange = useMay('settings:update');
  const [creating, setCreating] = useState(false);
  const [said, setSaid] = useState<string>();
  const create = mayChange && (
    <Button tone="primary" icon="plus" onClick={() => setCreating(true)}>
      {t('webhooks.create')}
    </Button>
  );
  return (
    <Page title={t('webhooks.title')} text={t('webhooks.text')} action={create}>
      <StatusLine text={said} />
      <Card className="overflow-hidden">
        <Queried query={webhooks}>
          {(items) =>
            items.length > 0 ? (
              <WebhookTable webhooks={items} />
            ) : (
              <Empty icon="webhooks" title={t('webhooks.empty')} text={t('webhooks.emptyText')} />
            )
          }
        </Queried>
      </Card>
      <CreateWebhookDialog open={creating} onClose={() => setCreating(false)} onDone={setSaid} />
    </Page>
  );
}

export const WebhooksPage = () => (useMay('settings:read') ? <Webhooks /> : <NotFoundPage />);
