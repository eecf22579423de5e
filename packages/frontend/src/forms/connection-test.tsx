import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { ErrorNotice, type Instead } from '../ui/notice.tsx';

interface ConnectionTestProps<T> {
  /** The question to what is typed; it is asked as it stands. */
  test: UseMutationResult<T, Error, void>;
  /** Nothing to ask yet: what is typed is no address, or not whole. */
  isDisabled: boolean;
  label: string;
  /** Words for refusals that this form knows more of. */
  refusals: Instead;
  answered: (data: T & {}) => string;
  /** What stands below the answer. */
  children?: ReactNode;
}

/** Asks what a form describes before it is kept, and says what it answered. */
export function ConnectionTest<T>({
  test,
  isDisabled,
  label,
  refusals,
  answered,
  children,
}: ConnectionTestProps<T>) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-3">
      <Button
        className="justify-self-start"
        disabled={isDisabled || test.isPending}
        onClick={() => test.mutate()}
      >
        {test.isPending ? t('forms.working') : label}
      </Button>
      {test.error && <ErrorNotice error={test.error} instead={refusals} />}
      <p role="status" className="text-sm text-accent-strong empty:hidden">
        {test.data && answered(test.data)}
      </p>
      {children}
    </div>
  );
}
