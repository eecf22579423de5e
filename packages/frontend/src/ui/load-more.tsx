import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { ErrorNotice } from './notice.tsx';

/** The part of an infinite query that its list's foot needs. */
interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  error: Error | null;
  fetchNextPage: () => Promise<unknown>;
}

export function LoadMore({ pages }: { pages: Pages }) {
  const { t } = useTranslation();
  const more = () => void pages.fetchNextPage();
  if (pages.isFetchNextPageError) return <ErrorNotice error={pages.error} onRetry={more} />;
  if (!pages.hasNextPage) return null;
  return (
    <div className="grid justify-items-center border-t border-line p-4">
      <Button size="small" onClick={more} disabled={pages.isFetchingNextPage}>
        {pages.isFetchingNextPage ? t('shell.states.loadingMore') : t('shell.states.more')}
      </Button>
    </div>
  );
}
