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
import { EditKeyDialog } from './edit-key-dialog.tsx';
import { type KeyAction, KeyTable } from './key-table.tsx';
import { RevokeKeyDialog } from './revoke-key-dialog.tsx';
import { RotateKeyDialog } from './rotate-key-dialog.tsx';

export function KeysPage() {
  const { t } = useTranslation();
  const keys = useQuery(keysQuery(useHub()));
  const [creating, setCreating] = useState(false);
  const [asked, setAsked] = useState<{ action: KeyAction; key: ApiKey }>();
  const [done, setDone] = useState<string>();
  const askedFor = (action: KeyAction) => (asked?.action === action ? asked.key : undefined);
  const close = () => setAsked(undefined);
  const create = (
    <Button tone="primary" icon="plus" onClick={() => setCreating(true)}>
      {t('keys.create')}
    </Button>
  );
  return (
    <Page title={t('keys.title')} text={t('keys.text')} action={create}>
      <p
        role="status"
        className={done ? 'rounded-xl bg-accent-soft px-4 py-3 text-accent-strong' : 'sr-only'}
      >
        {done}
      </p>
      <Card className="overflow-hidden">
        <Queried query={keys}>
          {(items) =>
            items.length > 0 ? (
              <KeyTable keys={items} onAction={(action, key) => setAsked({ action, key })} />
            ) : (
              <Empty icon="keys" title={t('keys.empty')} text={t('keys.emptyText')} />
            )
          }
        </Queried>
      </Card>
      <CreateKeyDialog open={creating} onClose={() => setCreating(false)} />
      <EditKeyDialog
        apiKey={askedFor('edit')}
        onClose={close}
        onSaved={(name) => setDone(t('keys.edit.saved', { name }))}
      />
      <RotateKeyDialog apiKey={askedFor('rotate')} onClose={close} />
      <RevokeKeyDialog
        apiKey={askedFor('revoke')}
        onClose={close}
        onRevoked={(name) => setDone(t('keys.revoked', { name }))}
      />
    </Page>
  );
}
