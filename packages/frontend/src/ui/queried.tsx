import type { ReactNode } from 'react';
import { LoadingRows } from './loading.tsx';
import { ErrorNotice } from './notice.tsx';

interface QueriedProps<T> {
  query: { data: T | undefined; error: Error | null; refetch: () => Promise<unknown> };
  children: (data: T) => ReactNode;
}

/** The three faces of fetched data: on its way, failed, here. Data that is here stays while a repeat fails. */
export function Queried<T>({ query, children }: QueriedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) {
    return (
      <div className="p-4">
        <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  return <LoadingRows />;
}
