import { DomainError, type ProblemCode } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { errorWords } from '../api/error-words.ts';
import { useLanguage } from '../i18n/use-language.tsx';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

/** What problems mean at some place, where their own words would not tell. */
export type Instead = Partial<Record<ProblemCode, string>>;

interface ErrorNoticeProps {
  error: unknown;
  onRetry?: (() => void) | undefined;
  instead?: Instead;
}

/** An error in words, with the request id that support will ask for. */
export function ErrorNotice({ error, onRetry, instead = {} }: ErrorNoticeProps) {
  const { t } = useTranslation();
  const words = errorWords(error, t, useLanguage());
  const message = (error instanceof DomainError ? instead[error.code] : undefined) ?? words.message;
  return (
    <div role="alert" className="flex gap-3 rounded-xl bg-danger-soft p-4 text-danger appear">
      <Icon name="warning" className="mt-0.5 size-5" />
      <div className="grid min-w-0 gap-1">
        <p className="font-medium">
          {message} {words.hint}
        </p>
        {words.detail && (
          <p lang="en" className="text-sm break-words">
            {words.detail}
          </p>
        )}
        {words.requestId && (
          <p className="text-sm break-all">
            {t('problems.requestId')} <code>{words.requestId}</code>
          </p>
        )}
        {onRetry && (
          <Button size="small" className="mt-2 justify-self-start" onClick={onRetry}>
            {t('shell.states.retry')}
          </Button>
        )}
      </div>
    </div>
  );
}
