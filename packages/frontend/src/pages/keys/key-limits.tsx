import type { ApiKey } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { formatCount, formatCredits } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';

/** What is special about a key, one phrase each; nothing for a key that may all that its person may. */
export function KeyLimits({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { permissions, models, tools, monthlyLimitMicro, requestsPerMinute, tokensPerMinute } = apiKey;
  const phrases = [
    models && t('keys.limits.models', { list: models.join(', ') }),
    tools && t('keys.limits.tools', { list: tools.join(', ') }),
    permissions && t('keys.limits.permissions', { list: permissions.join(', ') }),
    monthlyLimitMicro !== null &&
      t('keys.limits.monthly', { amount: formatCredits(monthlyLimitMicro, language) }),
    requestsPerMinute !== null &&
      t('keys.limits.requests', { amount: formatCount(requestsPerMinute, language) }),
    tokensPerMinute !== null && t('keys.limits.tokens', { amount: formatCount(tokensPerMinute, language) }),
    apiKey.cacheAnswers && t('keys.limits.cached'),
  ].filter((phrase) => typeof phrase === 'string');
  if (phrases.length === 0) return null;
  return (
    <ul aria-label={t('keys.limits.label')} className="mt-1 text-sm text-ink-soft">
      {phrases.map((phrase) => (
        <li key={phrase} className="break-words">
          {phrase}
        </li>
      ))}
    </ul>
  );
}
