import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { usageQuery } from '../../api/queries.ts';
import { USAGE_FILE } from '../../api/usage-queries.ts';
import { reachesOthers, useScopes } from '../../api/use-scopes.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { ErrorNotice } from '../../ui/notice.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { UsageSummary } from './usage-summary.tsx';
import { UsageTable } from './usage-table.tsx';

function NoUsage() {
  const { t } = useTranslation();
  return (
    <Empty icon="usage" title={t('usage.empty')} text={t('usage.emptyText')}>
      <Link to="/chat" className={buttonClass({ tone: 'primary' })}>
        {t('usage.emptyAction')}
      </Link>
    </Empty>
  );
}

export function UsagePage() {
  const { t } = useTranslation();
  const hub = useHub();
  // the list is one's own, whosever sums are above it
  const mayChoose = reachesOthers(useScopes()('usage:read'));
  const pages = useInfiniteQuery(usageQuery(hub));
  const save = useMutation({ mutationFn: () => hub.download(USAGE_FILE, 'usage.csv') });
  const download = (
    <Button disabled={save.isPending} onClick={() => save.mutate()}>
      {save.isPending ? t('forms.working') : t('usage.download')}
    </Button>
  );
  return (
    <Page title={t('usage.title')} text={t('usage.text')} action={download}>
      {save.error && <ErrorNotice error={save.error} />}
      <UsageSummary />
      {mayChoose && <h2 className="text-lg">{t('usage.mine')}</h2>}
      <Card className="overflow-hidden">
        <Queried query={pages}>
          {(data) => {
            const rows = data.pages.flatMap((page) => page.items);
            return rows.length > 0 ? <UsageTable rows={rows} /> : <NoUsage />;
          }}
        </Queried>
        <LoadMore pages={pages} />
      </Card>
    </Page>
  );
}
