import { useTranslation } from 'react-i18next';

/** The shape of rows to come. Screen readers hear one word instead. */
export function LoadingRows({ rows = 5 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" className="grid gap-px">
      <span className="sr-only">{t('shell.states.loading')}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} aria-hidden="true" className="flex items-center gap-6 px-5 py-4 breathe">
          <span className="h-4 w-1/3 rounded bg-sunken" />
          <span className="ml-auto h-4 w-24 rounded bg-sunken" />
        </div>
      ))}
    </div>
  );
}

export function LoadingPage() {
  const { t } = useTranslation();
  return (
    <div role="status" className="grid min-h-[50vh] place-items-center">
      <span className="sr-only">{t('shell.states.loading')}</span>
      <span aria-hidden="true" className="size-2.5 rounded-full bg-accent breathe" />
    </div>
  );
}
