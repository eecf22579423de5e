import type { AuditFilter } from '@smart-ai-hub/shared/contracts';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { auditFile, auditQuery } from '../../api/audit-queries.ts';
import { AuditFilterForm } from '../../forms/audit-filter-form.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { AuditProof } from './audit-proof.tsx';
import { AuditTable } from './audit-table.tsx';

export function AuditPage() {
  const { t } = useTranslation();
  const hub = useHub();
  const [filter, setFilter] = useState<AuditFilter>({});
  const pages = useInfiniteQuery(auditQuery(hub, filter));
  const save = useMutation({ mutationFn: () => hub.download(auditFile(filter), 'audit.csv') });
  const download = (
    <Button disabled={save.isPending} onClick={() => save.mutate()}>
      {save.isPending ? t('forms.working') : t('audit.export')}
    </Button>
  );
  return (
    <Page title={t('audit.title')} text={t('audit.text')} action={download}>
      {save.error && <ErrorNotice error={save.error} />}
      <AuditProof />
      <Card>
        <AuditFilterForm onFilter={setFilter} />
      </Card>
      <Card className="overflow-hidden">
        <Queried query={pages}>
          {(data) => {
            const events = data.pages.flatMap((page) => page.items);
            if (events.length === 0)
              return <Empty icon="audit" title={t('audit.empty')} text={t('audit.emptyText')} />;
            return <AuditTable events={events} />;
          }}
        </Queried>
        <LoadMore pages={pages} />
      </Card>
    </Page>
  );
}
