import type { Identity } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { identitiesQuery, providersQuery } from '../../api/queries.ts';
import { formatDay } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Card } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { Cell, HeadCell, Table } from '../../ui/table.tsx';
import { UnlinkDialog } from './unlink-dialog.tsx';

/** The accounts elsewhere that sign this person in: what there are, one more, one less. */
export function LinkedAccounts() {
  const { t } = useTranslation();
  const identities = useQuery(identitiesQuery(useHub()));
  const [unlinking, setUnlinking] = useState<Identity>();
  return (
    <>
      <LinkButtons />
      <Card className="overflow-hidden">
        <Queried query={identities}>
          {(items) =>
            items.length > 0 ? (
              <IdentityTable identities={items} onUnlink={setUnlinking} />
            ) : (
              <Empty
                icon="linkedAccounts"
                title={t('linkedAccounts.empty')}
                text={t('linkedAccounts.emptyText')}
              />
            )
          }
        </Queried>
      </Card>
      <UnlinkDialog identity={unlinking} onClose={() => setUnlinking(undefined)} />
    </>
  );
}

/** The browser goes to the provider from here, and comes back to this page. */
function LinkButtons() {
  const { t } = useTranslation();
  const hub = useHub();
  const { data: providers = [] } = useQuery(providersQuery(hub));
  const link = useMutation({
    mutationFn: async (provider: string) => {
      const { url } = await hub.oidc.startLink({ params: { provider } });
      window.location.assign(url);
    },
  });
  if (providers.length === 0) return <p className="text-ink-soft">{t('linkedAccounts.none')}</p>;
  return (
    <div className="grid gap-3">
      {link.error && <ErrorNotice error={link.error} />}
      <div className="flex flex-wrap gap-2">
        {providers.map(({ id, name }) => (
          <Button key={id} icon="plus" disabled={link.isPending} onClick={() => link.mutate(id)}>
            {t('linkedAccounts.link', { name })}
          </Button>
        ))}
      </div>
    </div>
  );
}

interface IdentityTableProps {
  identities: Identity[];
  onUnlink: (identity: Identity) => void;
}

function IdentityTable({ identities, onUnlink }: IdentityTableProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <Table label={t('linkedAccounts.title')}>
      <thead>
        <tr>
          <HeadCell>{t('linkedAccounts.account')}</HeadCell>
          <HeadCell wideOnly>{t('linkedAccounts.since')}</HeadCell>
          <HeadCell numeric>
            <span className="sr-only">{t('linkedAccounts.actions')}</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {identities.map((identity) => (
          <tr key={identity.id}>
            <Cell>
              <span className="font-medium">{identity.providerName}</span>
              <span className="block text-sm break-all text-ink-soft">{identity.email}</span>
            </Cell>
            <Cell wideOnly className="text-ink-soft">
              <time dateTime={identity.createdAt}>{formatDay(identity.createdAt, language)}</time>
            </Cell>
            <Cell numeric>
              <Button
                size="small"
                aria-label={t('linkedAccounts.unlinkNamed', { name: identity.providerName })}
                onClick={() => onUnlink(identity)}
              >
                {t('linkedAccounts.unlink')}
              </Button>
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
