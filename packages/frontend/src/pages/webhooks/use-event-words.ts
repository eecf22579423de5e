import { WEBHOOK_EVENTS } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';

/** What an event is called; one that this page does not know yet, as the API has it. */
export function useEventWords() {
  const { t } = useTranslation();
  return (name: string): string => {
    const known = WEBHOOK_EVENTS.find((event) => event === name);
    return known ? t(`webhooks.events.${known}`) : name;
  };
}
