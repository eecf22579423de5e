import type { ProviderHealth } from '@smart-ai-hub/shared/contracts';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/badge.tsx';

const TONES = { unasked: 'quiet', up: 'good', down: 'bad', resting: 'bad' } as const;

/** How somebody answers whom the hub asks: a provider, or a server of tools. */
export function HealthBadge({ state }: Pick<ProviderHealth, 'state'>) {
  const { t } = useTranslation();
  return <Badge tone={TONES[state]}>{t(`status.states.${state}`)}</Badge>;
}
