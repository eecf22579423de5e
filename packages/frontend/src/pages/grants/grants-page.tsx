import type { ClientGrant } from '@smart-ai-hub/shared/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { grantsQuery } from '../../api/queries.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { GrantTable } from './grant-table.tsx';
import { RevokeGrantDialog } from './revoke-grant-dialog.tsx';

export function GrantsPage() {
  const { t } = useTranslation();
  const grants = useQuery(grantsQuery(useHub()));
  const [revoking, setRevoking] = useState<ClientGrant>();
  const [revoked, setRevoked] = useState<string>();
  const connect = (
    <Link to="/device" className={buttonClass()}>
      {t('grants.connect')}
    </Link>
  );
  return (
    <Page title={t('grants.title')} text={t('grants.text')} action={connect}>
      <p
        role="status"
        className={revoked ? 'rounded-xl bg-accent-soft px-4 py-3 text-accent-strong' : 'sr-only'}
      >
        {revoked && t('grants.revoked', { name: revoked })}
      </p>
      <Card className="overflow-hidden">
        <Queried query={grants}>
          {(items) =>
            items.length > 0 ? (
              <GrantTable grants={items} onRevoke={setRevoking} />
            ) : (
              <Empty icon="grants" title={t('grants.empty')} text={t('grants.emptyText')} />
            )
          }
        </Queried>
      </Card>
      <RevokeGrantDialog grant={revoking} onClose={() => setRevoking(undefined)} onRevoked={setRevoked} />
    </Page>
  );
}
