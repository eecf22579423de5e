import type { ApiKey } from '@smart-ai-hub/shared/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { keysQuery } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { KeyTable } from './key-table.tsx';
import { RevokeKeyDialog } from './revoke-key-dialog.tsx';

export function KeysPage() {
  const { t } = useTranslation();
  const keys = useQuery(keysQuery(useHub()));
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey>();
  const [revoked, setRevoked] = useState<string>();
  const create = (
    <Button tone="primary" icon="plus" onClick={() => setCreating(true)}>
      {t('keys.create')}
    </Button>
  );
  return (
    <Page title={t('keys.title')} text={t('keys.text')} action={create}>
      <p
        role="status"
        className={revoked ? 'rounded-xl bg-accent-soft px-4 py-3 text-accent-strong' : 'sr-only'}
      >
        {revoked && t('keys.revoked', { name: revoked })}
      </p>
      <Card className="overflow-hidden">
        <Queried query={keys}>
          {(items) =>
            items.length > 0 ? (
              <KeyTable keys={items} onRevoke={setRevoking} />
            ) : (
              <Empty icon="keys" title={t('keys.empty')} text={t('keys.emptyText')} />
            )
          }
        </Queried>
      </Card>
      <CreateKeyDialog open={creating} onClose={() => setCreating(false)} />
      <RevokeKeyDialog apiKey={revoking} onClose={() => setRevoking(undefined)} onRevoked={setRevoked} />
    </Page>
  );
}
