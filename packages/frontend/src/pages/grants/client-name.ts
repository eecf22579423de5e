import type { ClientGrant } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';

/** What a client is called in a list: its name, who publishes it, or that it has none. */
export function useClientName() {
  const { t } = useTranslation();
  return ({ name, publisher }: ClientGrant['client']) => name ?? publisher ?? t('consent.nameless');
}
