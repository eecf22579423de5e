import { useTranslation } from 'react-i18next';
import type { Charge, Turn } from '../../chat/turn.ts';
import { formatCount, formatCredits } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.tsx';

function useChargeWords(charge: Charge): string | undefined {
  const { t } = useTranslation();
  const language = useLanguage();
  switch (charge.state) {
    case 'none':
      return undefined;
    case 'unknown':
      return t('chat.receipt.unknown');
    case 'charged':
      return t('chat.receipt.charged', { amount: formatCredits(charge.micro, language) });
    case 'settling': {
      const { estimateMicro } = charge;
      if (estimateMicro === undefined) return `${t('chat.receipt.settling')}…`;
      return t('chat.receipt.estimate', { amount: formatCredits(estimateMicro, language) });
    }
  }
}

/** What the answer used and cost: an estimate at once, the charge as soon as it is settled. */
export function Receipt({ turn }: { turn: Turn }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const cost = useChargeWords(turn.charge);
  const { tokens, requestId } = turn;
  if (!cost && turn.state !== 'stopped') return null;
  const flow = tokens && {
    tokensIn: formatCount(tokens.tokensIn, language),
    tokensOut: formatCount(tokens.tokensOut, language),
  };
  return (
    <div
      role="group"
      aria-label={t('chat.receipt.label')}
      data-charge={turn.charge.state}
      className="flex flex-wrap items-baseline gap-x-4 gap-y-1 border-t border-dashed border-line-strong pt-2.5 text-sm text-ink-soft"
    >
      {turn.state === 'stopped' && <span>{t('chat.stopped')}</span>}
      {flow && <span className="figures">{t('chat.receipt.tokens', flow)}</span>}
      {cost && <span className="figures font-medium text-ink">{cost}</span>}
      {requestId && (
        <span className="min-w-0 truncate text-ink-faint">
          {t('chat.receipt.requestId')} <code>{requestId}</code>
        </span>
      )}
    </div>
  );
}
