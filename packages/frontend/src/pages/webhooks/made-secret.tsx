import type { WebhookSecret } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { formatWhen } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';
import { ShownOnce } from '../../ui/shown-once.tsx';

export type MadeSecretOf = Pick<WebhookSecret, 'secret' | 'formerSecretUntil'>;

/** The one time that the secret of a webhook is shown. */
export function MadeSecret({ made, onDone }: { made: MadeSecretOf; onDone: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { secret, formerSecretUntil: until } = made;
  const former = until === null ? [] : [t('webhooks.made.former', { when: formatWhen(until, language) })];
  return (
    <ShownOnce
      texts={[t('webhooks.made.text'), ...former]}
      label={t('webhooks.made.label')}
      secret={secret}
      done={t('webhooks.made.done')}
      onDone={onDone}
    />
  );
}
