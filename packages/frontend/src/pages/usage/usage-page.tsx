import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useHub } from '../../api/app-context.tsx';
import { usageQuery } from '../../api/queries.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { UsageTable } from './usage-table.tsx';

function NoUsage() {
  const { t } = useTranslation();
  return (
    <Empty icon="usage" title={t('usage.empty')} text={t('usage.emptyText')}>
      <Link to="/playground" className={buttonClass({ tone: 'primary' })}>
        {t('usage.emptyAction')}
      </Link>
    </Empty>
  );
}

export function UsagePage() {
  const { t } = useTranslation();
  const pages = useInfiniteQuery(usageQuery(useHub()));
  return (
    <Page title={t('usage.title')} text={t('usage.text')}>
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
