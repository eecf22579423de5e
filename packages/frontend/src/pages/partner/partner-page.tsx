import type { PartnerSession } from '@smart-ai-hub/shared/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { partnerSessionsQuery } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { EndDialog } from './end-dialog.tsx';
import { PartnerTable } from './partner-table.tsx';
import { ShownOnceDialog } from './shown-once-dialog.tsx';

/** Opens one; the token stands in this page alone, and is gone when its dialog closes. */
function useOpening() {
  const hub = useHub();
  const queries = useQueryClient();
  const [token, setToken] = useState<string>();
  const opening = useMutation({
    mutationFn: async () => setToken((await hub.partnerSessions.createPartnerSession()).token),
    onSuccess: () => queries.invalidateQueries({ queryKey: partnerSessionsQuery(hub).queryKey }),
  });
  return { ...opening, token, forget: () => setToken(undefined) };
}

export function PartnerPage() {
  const { t } = useTranslation();
  const sessions = useQuery(partnerSessionsQuery(useHub()));
  const opening = useOpening();
  const [ending, setEnding] = useState<PartnerSession>();
  const open = (
    <Button tone="primary" icon="plus" disabled={opening.isPending} onClick={() => opening.mutate()}>
      {t('partner.create')}
    </Button>
  );
  return (
    <Page title={t('partner.title')} text={t('partner.text')} action={open}>
      {opening.error && <ErrorNotice error={opening.error} />}
      <Explanation />
      <Card className="overflow-hidden">
        <Queried query={sessions}>
          {(items) =>
            items.length > 0 ? (
              <PartnerTable sessions={items} onEnd={setEnding} />
            ) : (
              <Empty icon="partner" title={t('partner.empty')} text={t('partner.emptyText')} />
            )
          }
        </Queried>
      </Card>
      <ShownOnceDialog token={opening.token} onClose={opening.forget} />
      <EndDialog session={ending} onClose={() => setEnding(undefined)} />
    </Page>
  );
}

const FACTS = ['may', 'mayNot', 'ends'] as const;

function Explanation() {
  const { t } = useTranslation();
  return (
    <Card className="p-5">
      <h2 className="mb-3 text-lg">{t('partner.about.title')}</h2>
      <dl className="grid gap-3">
        {FACTS.map((fact) => (
          <div key={fact} className="grid gap-0.5 sm:grid-cols-[9rem_1fr] sm:gap-4">
            <dt className="font-medium">{t(`partner.about.${fact}.name`)}</dt>
            <dd className="text-ink-soft">{t(`partner.about.${fact}.text`)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
